package io.vec2text.sources.internal;

/**
 * What bounds the reading of a file, whatever it claims and however large it is. Together they keep
 * the memory of a reader under some 40 MB, of which most inputs need less than 4.
 */
public final class Limits {
  /** The bytes from which format, fields and columns are detected. */
  public static final int SAMPLE = 1 << 20;

  /** The longest text of one value: a cell, or a string that may hold a vector. In characters. */
  public static final int MAX_TEXT = 1 << 22;

  /** The deepest nesting of a JSON document. */
  public static final int MAX_DEPTH = 100;

  /** The longest number of a JSON document, in characters. */
  public static final int MAX_NUMBER = 1000;

  /** The most different paths of a JSON document that are looked at to find the vectors. */
  public static final int MAX_PATHS = 20_000;

  /** Rows that wait for an id that follows them. */
  public static final int MAX_WAITING = 256;

  /** Columns of a table beside those of a vector. */
  public static final int MAX_OTHER_COLUMNS = 1024;

  /** The memory of an xz decoder in KiB; level 9 needs 65 MiB. */
  public static final int XZ_MEMORY = 66 << 10;

  /** Compressions within each other. */
  public static final int MAX_WRAPPERS = 3;

  private Limits() {}
}
