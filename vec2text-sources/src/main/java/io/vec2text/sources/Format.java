package io.vec2text.sources;

/** The formats that vectors are read from. */
public enum Format {
  /** A NumPy array. */
  NPY,
  /** A zip archive of NumPy arrays. */
  NPZ,
  /** JSON: one document, or one a line. */
  JSON,
  /** Text with a row a line, and columns between separators. */
  CSV
}
