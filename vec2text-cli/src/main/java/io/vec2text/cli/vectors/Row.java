package io.vec2text.cli.vectors;

/** A row of a file of vectors. */
public sealed interface Row {

  /**
   * A vector as the file holds it: of any dimension, its components not necessarily finite.
   *
   * @param values the components
   */
  @SuppressWarnings("ArrayRecordComponent") // a vector is an array; rows are never compared
  record Vector(float[] values) implements Row {}

  /**
   * A row that holds no vector, in a file whose other rows may well do.
   *
   * @param problem what is wrong with it, in one line that names the place in the file
   */
  record Malformed(String problem) implements Row {}
}
