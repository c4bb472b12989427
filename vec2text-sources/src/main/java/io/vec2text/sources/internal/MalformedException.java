package io.vec2text.sources.internal;

/** A row holds no vector, or a header is none. */
public final class MalformedException extends Exception {
  private static final long serialVersionUID = 1;

  public MalformedException(String problem) {
    super(problem, null, false, false); // one a row, and nobody looks at its trace
  }
}
