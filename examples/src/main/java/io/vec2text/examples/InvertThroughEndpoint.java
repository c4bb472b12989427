package io.vec2text.examples;

import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.Tokenization;
import io.vec2text.onnx.Device;
import io.vec2text.onnx.ModelPackage;
import io.vec2text.onnx.OnnxEmbedder;
import io.vec2text.onnx.Vec2Text;
import io.vec2text.openai.OpenAiEmbedder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Inverts a vector with its guesses embedded by an OpenAI-compatible server that has
 * all-MiniLM-L6-v2. <b>Whoever runs the server reads the guesses, and they converge on the
 * secret:</b> use one of your own. From the root of the repository, with the server's address:
 *
 * <pre>{@code
 * mvn -q -Dquick -DskipTests -pl examples -am package exec:java \
 *     -Dexec.mainClass=io.vec2text.examples.InvertThroughEndpoint \
 *     -Dexec.args="http://localhost:8080/v1"
 * }</pre>
 */
public final class InvertThroughEndpoint {
  private static final String MODEL = "all-MiniLM-L6-v2";
  private static final String SENTENCE = "The flight to Oslo leaves at six.";

  private InvertThroughEndpoint() {}

  /** Runs the example. */
  public static void main(String[] args) {
    if (args.length != 1) {
      System.err.println("expected the base URL of a server, for example http://localhost:8080/v1");
      return;
    }
    try (OpenAiEmbedder endpoint = open(args[0], Path.of("target", "embeddings"))) {
      float[] vector = endpoint.embed(List.of(SENTENCE))[0];
      System.out.println(
          InvertVector.report(invert(endpoint, vector, InversionOptions.defaults())));
      System.out.println(endpoint.usage());
    }
  }

  /** A server of one's own asks for no key and no money. */
  static OpenAiEmbedder open(String baseUrl, Path cache) {
    return OpenAiEmbedder.builder(ModelPackage.onClassPath(MODEL).space())
        .baseUrl(baseUrl)
        .model(MODEL)
        .withoutKey()
        .pricePerMillionTokens(0)
        .spendingCap(0)
        .cache(cache)
        .open();
  }

  /** Compares guesses through the endpoint. */
  static InversionResult invert(OpenAiEmbedder endpoint, float[] vector, InversionOptions options) {
    OnnxEmbedder local = OnnxEmbedder.open(ModelPackage.onClassPath(MODEL), Device.CPU, 1);
    try (Vec2Text inverter =
        Vec2Text.builder().model(MODEL).embedder(new Remote(endpoint, local)).open()) {
      return inverter.invert(vector, options);
    }
  }

  /** Vectors come from the endpoint; what it does not tell, how it splits texts, is known here. */
  private record Remote(OpenAiEmbedder endpoint, Embedder local) implements Embedder {
    @Override
    public EmbeddingSpace space() {
      return endpoint.space();
    }

    @Override
    public float[][] embed(List<String> texts) {
      return endpoint.embed(texts);
    }

    @Override
    public Optional<Tokenization> tokenization() {
      return local.tokenization();
    }

    @Override
    public String normalize(String text) {
      return local.normalize(text);
    }

    /** The endpoint stays open: its user still asks what was spent. */
    @Override
    public void close() {
      local.close();
    }
  }
}
