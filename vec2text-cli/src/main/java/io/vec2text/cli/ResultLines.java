package io.vec2text.cli;

import io.vec2text.InversionResult.PredictedWords;
import io.vec2text.InversionResult.WordProbability;
import io.vec2text.Outcome;
import io.vec2text.Verdict;
import io.vec2text.sources.Place;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes outcomes, a line each, and knows its own lines again. */
interface ResultLines {
  /** The words listed for a text beyond range, unless told otherwise. */
  int DEFAULT_WORDS = 32;

  /**
   * What is in the lines besides the result itself.
   *
   * @param words the words to add for every vector; 0 for the default number, and that only for
   *     texts beyond range
   * @param confidence whether to add the probability of each word of the text
   */
  record Detail(int words, boolean confidence) {

    /** The words to list of a text; none if it is within range and nobody asked. */
    List<WordProbability> shown(PredictedWords contents) {
      int most = words > 0 ? words : contents.exceedsSupportedLength() ? DEFAULT_WORDS : 0;
      return contents.words().subList(0, Math.min(most, contents.words().size()));
    }
  }

  /**
   * What a line that was written holds.
   *
   * @param verdict the verdict; empty if the line is an error
   */
  record Written(Optional<Verdict> verdict) {}

  /** Lines of a form. */
  static ResultLines of(ResultForm form, Detail detail) {
    return switch (form) {
      case JSONL -> new JsonLines(detail);
      case CSV -> new CsvLines(detail);
      case TEXT -> new TextLines(detail);
    };
  }

  /** What is before the first line, in UTF-8, its end included. */
  default byte[] header() {
    return new byte[0];
  }

  /** The line of an outcome, in UTF-8, its end included. */
  byte[] line(long index, Place place, Outcome outcome) throws IOException;

  /** What the line of an outcome begins with, up to where the index ends. */
  String start(long index);

  /** Reads a line without its end; empty if it is not the one of this index. */
  Optional<Written> read(byte[] line, long index);

  /** Whether a line without its end, which was read before, names the id of a place. */
  boolean isOf(byte[] line, Place place);

  /** The name of a constant in outputs. */
  static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** The verdict of a name in outputs. */
  static Optional<Verdict> verdict(String name) {
    for (Verdict verdict : Verdict.values()) {
      if (name(verdict).equals(name)) {
        return Optional.of(verdict);
      }
    }
    return Optional.empty();
  }

  /** What went wrong with a vector. */
  static String error(Outcome outcome) {
    RuntimeException error = outcome.error().orElseThrow();
    String message = error.getMessage();
    return clean(message == null ? error.getClass().getSimpleName() : message);
  }

  /** A number with so many decimals at most. */
  static double rounded(double value, int decimals) {
    double unit = Math.pow(10, decimals);
    return Math.rint(value * unit) / unit;
  }

  /** The length of a vector, as much of it as means something. */
  static double norm(double norm) {
    return new BigDecimal(norm).round(MathContext.DECIMAL32).doubleValue();
  }

  /** Whether a vector is not of unit length. */
  static boolean isScaled(double norm) {
    return Math.abs(norm - 1) > 1e-3;
  }

  /** Text on one line: for forms in which a record is a line. */
  static String oneLine(String text) {
    return clean(text).replaceAll("\\p{Cntrl}", " ");
  }

  /** Words with their probabilities. */
  static String words(List<WordProbability> words) {
    return words.stream()
        .map(word -> word.word() + ":" + rounded(word.probability(), 3))
        .collect(Collectors.joining(" "));
  }

  /** Replaces halves of surrogate pairs, which have no UTF-8 form and would end the run. */
  static String clean(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
