package io.vec2text.examples;

import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.onnx.Vec2Text;
import java.util.List;
import java.util.Locale;

/**
 * Embeds a sentence, throws the sentence away, and reads it back from the vector alone. From the
 * root of the repository:
 *
 * <pre>{@code
 * mvn -q -Dquick -DskipTests -pl examples -am package exec:java \
 *     -Dexec.mainClass=io.vec2text.examples.InvertVector \
 *     -Dexec.args="'The patient was given insulin twice a day.'"
 * }</pre>
 */
public final class InvertVector {
  private static final String SENTENCE = "The patient was given insulin twice a day.";

  private InvertVector() {}

  /** Runs the example on the sentence given, or one of its own. */
  public static void main(String[] args) {
    String sentence = args.length == 0 ? SENTENCE : String.join(" ", args);
    try (Vec2Text inverter = Vec2Text.open("all-MiniLM-L6-v2")) {
      float[] vector = inverter.embedder().embed(List.of(sentence))[0];
      System.out.println(report(invert(inverter, vector, InversionOptions.defaults())));
    }
  }

  /** All that goes in is a vector: 384 numbers. */
  static InversionResult invert(Vec2Text inverter, float[] vector, InversionOptions options) {
    return inverter.invert(vector, options);
  }

  static String report(InversionResult result) {
    return String.format(
        Locale.ROOT,
        "%s (cosine %.7f, %d embeddings): %s",
        result.verdict(),
        result.cosine(),
        result.cost().embedderCalls(),
        result.text());
  }
}
