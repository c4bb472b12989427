package io.vec2text.examples;

import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.Inverter;
import io.vec2text.onnx.Vec2Text;
import io.vec2text.search.Search;
import java.nio.file.Path;
import java.util.List;

/**
 * Inverts the vector of a sentence with a published vec2text checkpoint, which {@code python -m
 * vec2text_training convert} has made a package of: as the published algorithm does, and as this
 * library does with the same models. From the root of the repository:
 *
 * <pre>{@code
 * mvn -q -Dquick -DskipTests -pl examples -am package exec:java \
 *     -Dexec.mainClass=io.vec2text.examples.InvertWithCheckpoint \
 *     -Dexec.args="path/to/gtr-nq-32 'Jack Morris is a PhD student at Cornell Tech.'"
 * }</pre>
 */
public final class InvertWithCheckpoint {
  private static final List<Search> SEARCHES =
      List.of(Search.published(20, 4), Search.sequenceBeam(20, 4), Search.pool());

  private InvertWithCheckpoint() {}

  /** Runs the example on a package and a sentence. */
  public static void main(String[] args) {
    if (args.length < 2) {
      System.err.println("expected a package's directory and a sentence");
      return;
    }
    String sentence = String.join(" ", List.of(args).subList(1, args.length));
    try (Vec2Text models = open(Path.of(args[0]))) {
      System.out.println(models.model() + ", licence " + models.model().licence());
      float[] vector = models.embedder().embed(List.of(sentence))[0];
      for (Search search : SEARCHES) {
        InversionResult result = invert(models, search, vector, InversionOptions.defaults());
        System.out.println(search + ": " + InvertVector.report(result));
      }
    }
  }

  /** Every byte is verified here; {@code Verification.once()} saves that the next time. */
  static Vec2Text open(Path directory) {
    return Vec2Text.builder().model(directory).open();
  }

  static InversionResult invert(
      Vec2Text models, Search search, float[] vector, InversionOptions options) {
    Inverter inverter = models.with(search);
    return inverter.invert(vector, options);
  }
}
