package io.vec2text.sources;

/** A row of a source of vectors. */
public sealed interface Row {

  /** Where it stands in the source, and what it is called there. */
  Place place();

  /**
   * A vector as the source holds it: of any dimension, its components not necessarily finite.
   *
   * @param values the components
   */
  @SuppressWarnings("ArrayRecordComponent") // a vector is an array; rows are never compared
  record Vector(float[] values, Place place) implements Row {}

  /**
   * A row that holds no vector, in a source whose other rows may well do.
   *
   * @param problem what is wrong with it, in one line that names the place in the file
   */
  record Malformed(String problem, Place place) implements Row {
    public Malformed {
      problem = VectorFileException.oneLine(problem);
    }
  }
}
