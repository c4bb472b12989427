package io.vec2text.onnx;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import com.google.common.io.Resources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Sentences to test with. */
final class TestTexts {
  private TestTexts() {}

  /** All sentences of the development set, and the informal ones. */
  static List<String> all() {
    List<String> texts = new ArrayList<>(wikipedia());
    texts.addAll(informal());
    return texts;
  }

  /** The development sentences from Wikipedia. */
  static List<String> wikipedia() {
    return lines("/io/vec2text/eval/wikipedia-dev.tsv").stream()
        .map(line -> line.substring(line.indexOf('\t') + 1))
        .toList();
  }

  /** Chat, code, other scripts, empty and overlong lines. */
  static List<String> informal() {
    return lines("informal.txt");
  }

  private static List<String> lines(String resource) {
    try {
      String text = Resources.toString(Resources.getResource(TestTexts.class, resource), UTF_8);
      List<String> lines = Splitter.on('\n').splitToList(text);
      return lines.subList(0, lines.size() - 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
