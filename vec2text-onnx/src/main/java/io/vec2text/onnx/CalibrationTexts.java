package io.vec2text.onnx;

import com.google.common.io.CharStreams;
import io.vec2text.Tokenization;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/** The texts that bridges are learned from. */
final class CalibrationTexts {
  private static final String RESOURCE = "io/vec2text/models/calibration.txt.gz";

  private CalibrationTexts() {}

  /**
   * Each token of a vocabulary as a text of its own; the later pieces of words, which no text
   * begins with, as if they were words.
   */
  static List<String> ofTokens(Tokenization tokenization, int vocabulary) {
    return IntStream.range(0, vocabulary)
        .mapToObj(token -> tokenization.decode(new int[] {token}))
        .map(
            text ->
                text.startsWith(Tokenization.CONTINUATION) && text.length() > 2
                    ? text.substring(2)
                    : text)
        .toList();
  }

  /**
   * The sample that comes with the base models, in random order.
   *
   * @throws ModelFormatException if it is missing or damaged
   */
  static List<String> sample() {
    try (InputStreamReader in =
        new InputStreamReader(
            new GZIPInputStream(new BufferedInputStream(PackageIndex.ofThread().open(RESOURCE))),
            StandardCharsets.UTF_8)) {
      return CharStreams.readLines(in);
    } catch (IOException e) {
      throw new ModelFormatException("can't read " + RESOURCE, e);
    }
  }
}
