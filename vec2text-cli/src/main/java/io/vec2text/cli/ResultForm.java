package io.vec2text.cli;

import java.nio.file.Path;
import java.util.Locale;

/** The forms in which results are written. */
enum ResultForm {
  /** A JSON object a line. */
  JSONL,
  /** A header, and a record a line. */
  CSV,
  /** A line for people. */
  TEXT;

  /**
   * The form that the ending of a name says.
   *
   * @throws CliException if it says none
   */
  static ResultForm of(Path file) {
    String name = file.toString();
    return switch (name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT)) {
      case "jsonl", "ndjson" -> JSONL;
      case "csv" -> CSV;
      case "txt" -> TEXT;
      default ->
          throw new CliException(
              file + ": can't be written, expected a name that ends in .jsonl, .csv or .txt");
    };
  }
}
