package io.vec2text.sources;

import java.util.Locale;

/** The formats that vectors are read from. */
public enum Format {
  /** A NumPy array. */
  NPY,
  /** A zip archive of NumPy arrays. */
  NPZ,
  /** JSON: one document, or one a line. */
  JSON,
  /** Text with a row a line, and columns between separators. */
  CSV,
  /** Before each vector its dimension as int32, all little-endian. */
  FVECS,
  /** An index of FAISS that holds whole vectors. */
  FAISS;

  /** The names that {@link #parse} knows. */
  public static final String NAMES = "npy, npz, json, jsonl, ndjson, csv, tsv, txt, fvecs, faiss";

  /**
   * The format of a name, such as the ending of a file's: one of {@value #NAMES}, whatever the
   * case.
   *
   * @throws IllegalArgumentException if it is another
   */
  public static Format parse(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "npy" -> NPY;
      case "npz" -> NPZ;
      case "json", "jsonl", "ndjson" -> JSON;
      case "csv", "tsv", "txt" -> CSV;
      case "fvecs" -> FVECS;
      case "faiss" -> FAISS;
      default ->
          throw new IllegalArgumentException(
              "unknown format " + name + ", expected one of " + NAMES);
    };
  }
}
