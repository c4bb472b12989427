package io.vec2text.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vec2text.Cancellation;
import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.Vec2TextException;
import io.vec2text.Vectors;
import io.vec2text.internal.CloseGuard;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Embeds texts through the {@code /embeddings} endpoint of OpenAI, or of any server that speaks its
 * language.
 *
 * <p><b>Whoever runs the endpoint reads every text. The guesses of an inversion converge on the
 * text that the vector was made from: an inversion through somebody else's endpoint tells them the
 * secret.</b> Use an endpoint of your own where that matters, and encryption (https) on the way.
 *
 * <pre>{@code
 * try (OpenAiEmbedder embedder =
 *     OpenAiEmbedder.builder(EmbeddingSpace.of("text-embedding-3-small", 1536))
 *         .pricePerMillionTokens(0.02)
 *         .spendingCap(1.00)
 *         .cache(Path.of("embeddings"))
 *         .open()) {
 *   float[][] vectors = embedder.embed(texts);
 *   System.out.println(embedder.usage());
 * }
 * }</pre>
 *
 * <p>The key comes from an environment variable and appears in no message.
 *
 * <p>Texts are sent in requests of limited size, one after the other. What fails for the moment
 * (status 429, 5xx and the like, broken connections, timeouts) is tried again after a wait that
 * grows exponentially, with jitter, or that the endpoint asks for ({@code Retry-After}). Vectors
 * are in the cache before the next request is sent, so that a run that breaks and is begun again
 * pays for none twice that has arrived.
 *
 * <p>An interrupt ends a call at once, a {@link Cancellation} within a tenth of a second. Either
 * way the call throws {@link Vec2TextException}; an interrupted thread stays interrupted.
 *
 * <p>One embedder serves many threads at once; they share its limits and its cap.
 */
public final class OpenAiEmbedder implements Embedder {
  private final EmbeddingSpace space;
  private final ToIntFunction<String> tokenCounter;
  private final int maxTexts;
  private final int maxTokens;
  private final Ledger ledger;
  private final Sender sender;
  private final @Nullable DiskCache cache;
  private final CloseGuard gate;

  /**
   * An embedder of its parts.
   *
   * @param maxTexts of a request
   * @param maxTokens of a request, by {@code tokenCounter}
   * @param cache null for none
   */
  OpenAiEmbedder(
      EmbeddingSpace space,
      ToIntFunction<String> tokenCounter,
      int maxTexts,
      int maxTokens,
      Ledger ledger,
      Sender sender,
      @Nullable DiskCache cache) {
    this.space = space;
    this.tokenCounter = tokenCounter;
    this.maxTexts = maxTexts;
    this.maxTokens = maxTokens;
    this.ledger = ledger;
    this.sender = sender;
    this.cache = cache;
    gate = new CloseGuard("embedder of " + space.modelId());
  }

  /**
   * Starts building an embedder.
   *
   * @param space the space of the vectors, as {@link EmbeddingSpace#of} makes it from a model and a
   *     dimension. Its prefix is put before each text; if it is normalised, vectors are scaled to
   *     unit length.
   */
  public static OpenAiEmbedderBuilder builder(EmbeddingSpace space) {
    return new OpenAiEmbedderBuilder(space);
  }

  @Override
  public EmbeddingSpace space() {
    return space;
  }

  /** What was used since this embedder was opened. */
  public Usage usage() {
    return ledger.usage();
  }

  /**
   * Embeds texts, those that are not in the cache through the endpoint.
   *
   * @param texts any number of texts; the empty text, which the API refuses, is sent as one space.
   *     Most endpoints refuse a request with a text that is longer than the model reads.
   * @return one vector of {@code space().dimension()} components per text, in the order of {@code
   *     texts}
   * @throws SpendingCapException if a request could cost more than the cap leaves
   * @throws EndpointException if the endpoint refuses, can't be reached, or gives something else
   *     than one finite vector of the right dimension for each text
   * @throws Vec2TextException if the call is interrupted or cancelled, or the cache can't be
   *     written
   * @throws IllegalStateException if this embedder is closed
   */
  @Override
  public float[][] embed(List<String> texts) {
    return gate.pass(
        () -> {
          try {
            return embedAll(texts.stream().map(this::sent).toList());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Vec2TextException(
                "interrupted while embedding " + texts.size() + " texts", e);
          } catch (CancellationException e) {
            throw new Vec2TextException("cancelled while embedding " + texts.size() + " texts", e);
          }
        });
  }

  /** A text as it is sent: with the prefix, and without half characters, which JSON can't hold. */
  private String sent(String text) {
    String whole = new String((space.prefix() + text).getBytes(UTF_8), UTF_8);
    return whole.isEmpty() ? " " : whole;
  }

  private float[][] embedAll(List<String> texts) throws InterruptedException {
    Map<String, float[]> vectors = new HashMap<>();
    Set<String> missing = new LinkedHashSet<>(texts);
    if (cache != null) {
      for (String text : missing) {
        float[] vector = cache.get(text);
        if (vector != null) {
          vectors.put(text, vector);
        }
      }
      missing.removeAll(vectors.keySet());
      ledger.found(vectors.size());
    }
    for (Batch batch : Batch.fill(missing, tokenCounter, maxTexts, maxTokens)) {
      List<float[]> fetched = sender.send(batch);
      for (int i = 0; i < fetched.size(); i++) {
        String text = batch.texts().get(i);
        vectors.put(text, fetched.get(i));
        if (cache != null) {
          cache.put(text, fetched.get(i));
        }
      }
    }
    return texts.stream()
        .map(vectors::get)
        .map(v -> space.normalized() ? Vectors.unit(v) : v.clone())
        .toArray(float[][]::new);
  }

  @Override
  public void close() {
    gate.close(() -> {});
  }

  @Override
  public String toString() {
    return "OpenAiEmbedder[" + space + "]";
  }
}
