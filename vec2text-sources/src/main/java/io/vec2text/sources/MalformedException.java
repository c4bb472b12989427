package io.vec2text.sources;

/** A row holds no vector, or a header is none. */
final class MalformedException extends Exception {
  private static final long serialVersionUID = 1;

  MalformedException(String problem) {
    super(problem, null, false, false); // one a row, and nobody looks at its trace
  }
}
