package io.vec2text.onnx;

import com.google.common.io.CharStreams;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** The sample of texts that comes with the base models. */
final class CalibrationTexts {
  private static final String RESOURCE = "io/vec2text/models/calibration.txt.gz";

  private CalibrationTexts() {}

  /**
   * All of them, in random order.
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
