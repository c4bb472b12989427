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
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Inverts a vector with an embedder of one's own: here the client of a service that bills every
 * token, so that one can see what an attack on its vectors would cost. From the root of the
 * repository:
 *
 * <pre>{@code
 * mvn -q -Dquick -DskipTests -pl examples -am package exec:java \
 *     -Dexec.mainClass=io.vec2text.examples.BringYourOwnEmbedder
 * }</pre>
 */
public final class BringYourOwnEmbedder {
  private static final String MODEL = "all-MiniLM-L6-v2";
  private static final String SENTENCE = "We will close the office in spring.";
  private static final double DOLLARS_PER_MILLION_TOKENS = 0.02;

  private BringYourOwnEmbedder() {}

  /** Runs the example. */
  public static void main(String[] args) {
    MeteredEmbedder embedder =
        new MeteredEmbedder(OnnxEmbedder.open(ModelPackage.onClassPath(MODEL), Device.AUTO, 0));
    float[] vector = embedder.embed(List.of(SENTENCE))[0];
    InversionResult result = invert(embedder, vector, InversionOptions.defaults());
    System.out.println(InvertVector.report(result));
    System.out.println(embedder.bill());
  }

  /** Compares guesses by the embedder given, and closes it. */
  static InversionResult invert(Embedder embedder, float[] vector, InversionOptions options) {
    try (Vec2Text inverter = Vec2Text.builder().model(MODEL).embedder(embedder).open()) {
      return inverter.invert(vector, options);
    }
  }

  /**
   * Stands for the client of a service. This one asks a local model; yours would send the texts of
   * {@link #embed} over the wire, in as few requests as the service allows. Its vectors must be of
   * the space that the model package is for.
   */
  static final class MeteredEmbedder implements Embedder {
    private final Embedder service;
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong texts = new AtomicLong();
    private final AtomicLong tokens = new AtomicLong();

    MeteredEmbedder(Embedder service) {
      this.service = service;
    }

    @Override
    public EmbeddingSpace space() {
      return service.space();
    }

    /** The search edits tokens, so it must know how the service splits a text. */
    @Override
    public Optional<Tokenization> tokenization() {
      return service.tokenization();
    }

    /** A search calls this from several threads where it is itself called from several. */
    @Override
    public float[][] embed(List<String> batch) {
      calls.incrementAndGet();
      texts.addAndGet(batch.size());
      tokenization().ifPresent(t -> t.encode(batch).forEach(ids -> tokens.addAndGet(ids.length)));
      return service.embed(batch);
    }

    /** What the service makes of a text that it can't tell apart from others, as by its case. */
    @Override
    public String normalize(String text) {
      return service.normalize(text);
    }

    @Override
    public void close() {
      service.close();
    }

    long texts() {
      return texts.get();
    }

    String bill() {
      return String.format(
          Locale.ROOT,
          "%d calls, %d texts, %d tokens: $%.6f",
          calls.get(),
          texts.get(),
          tokens.get(),
          tokens.get() * DOLLARS_PER_MILLION_TOKENS / 1e6);
    }
  }
}
