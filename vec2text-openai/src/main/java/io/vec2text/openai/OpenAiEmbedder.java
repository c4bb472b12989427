package io.vec2text.openai;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.google.common.base.Utf8;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vec2text.Cancellation;
import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.Vec2TextException;
import io.vec2text.Vectors;
import io.vec2text.internal.ApiKey;
import io.vec2text.internal.Backoff;
import io.vec2text.internal.CloseGuard;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
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

  private OpenAiEmbedder(Builder b, double price, double cap) {
    space = b.space;
    tokenCounter = b.tokenCounter;
    maxTexts = b.maxTexts;
    maxTokens = b.tokensPerMinute == null ? b.maxTokens : Math.min(b.maxTokens, b.tokensPerMinute);
    ledger = new Ledger(cap, price);
    gate = new CloseGuard("embedder of " + space.modelId());
    ApiKey key = b.keyVariable == null ? null : ApiKey.of(b.keyVariable, b.environment);
    checkArgument(
        key == null || b.baseUrl.getScheme().equals("https") || isLoopback(b.baseUrl),
        "a key would go unencrypted to %s, expected https, or withoutKey()",
        b.baseUrl);
    Clock clock = b.clock == null ? new Clock(b.cancellation) : b.clock;
    URI uri = URI.create(b.baseUrl + "/embeddings");
    sender =
        new Sender(
            new Endpoint(uri, b.model, space, b.sendDimensions, key, b.timeout, clock, ledger),
            ledger,
            new RateLimits(b.requestsPerMinute, b.tokensPerMinute, clock),
            b.retries,
            b.backoff,
            clock);
    cache = b.cache == null ? null : DiskCache.open(b.cache, b.scope(), space.dimension());
  }

  private static boolean isLoopback(URI uri) {
    String host = uri.getHost();
    return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
  }

  /**
   * Starts building an embedder.
   *
   * @param space the space of the vectors, as {@link EmbeddingSpace#of} makes it from a model and a
   *     dimension. Its prefix is put before each text; if it is normalised, vectors are scaled to
   *     unit length.
   */
  public static Builder builder(EmbeddingSpace space) {
    return new Builder(space);
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

  /** Builds an {@link OpenAiEmbedder}. Price, cap and cache have no defaults. */
  public static final class Builder {
    private final EmbeddingSpace space;
    private String model;
    private boolean sendDimensions;
    private URI baseUrl = URI.create("https://api.openai.com/v1");
    private @Nullable String keyVariable = "OPENAI_API_KEY";
    private UnaryOperator<@Nullable String> environment = Builder::variable;
    private @Nullable Double price;
    private @Nullable Double cap;
    private boolean cacheChosen;
    private @Nullable Path cache;
    private ToIntFunction<String> tokenCounter = text -> Utf8.encodedLength(text) + 2;
    private int maxTexts = 256;
    private int maxTokens = 250_000;
    private @Nullable Integer requestsPerMinute;
    private @Nullable Integer tokensPerMinute;
    private int retries = 6;
    private Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofMinutes(1));
    private Duration timeout = Duration.ofMinutes(1);
    private Cancellation cancellation = new Cancellation();
    private @Nullable Clock clock;

    private Builder(EmbeddingSpace space) {
      this.space = requireNonNull(space, "space");
      model = space.modelId();
    }

    private static @Nullable String variable(@Nullable String name) {
      return System.getenv(name);
    }

    /** What the endpoint calls the model; by default the model of the space. */
    @CanIgnoreReturnValue
    public Builder model(String name) {
      model = requireNonNull(name, "name");
      return this;
    }

    /**
     * Whether to ask the endpoint for vectors of the space's dimension, by the parameter {@code
     * dimensions}, which only some models know; false by default.
     */
    @CanIgnoreReturnValue
    public Builder sendDimensions(boolean send) {
      sendDimensions = send;
      return this;
    }

    /**
     * Where the API is; {@code https://api.openai.com/v1} by default.
     *
     * @param url the address that {@code /embeddings} is appended to
     * @throws IllegalArgumentException if it is no http or https URL with a host, or has user name,
     *     query or fragment
     */
    @CanIgnoreReturnValue
    public Builder baseUrl(String url) {
      URI uri = URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
      // The message does not name what was found: it may hold a password.
      checkArgument(
          Set.of("http", "https").contains(String.valueOf(uri.getScheme()))
              && uri.getHost() != null
              && uri.getUserInfo() == null
              && uri.getQuery() == null
              && uri.getFragment() == null,
          "the base URL is not of the form http(s)://host[:port][/path]");
      baseUrl = uri;
      return this;
    }

    /**
     * The environment variable that holds the key; {@code OPENAI_API_KEY} by default. A key is only
     * sent by https, or to this machine.
     */
    @CanIgnoreReturnValue
    public Builder keyVariable(String name) {
      keyVariable = requireNonNull(name, "name");
      return this;
    }

    /** Sends no key, as to a server of one's own. */
    @CanIgnoreReturnValue
    public Builder withoutKey() {
      keyVariable = null;
      return this;
    }

    /**
     * What a million tokens cost, in any currency; 0 if they are free.
     *
     * @throws IllegalArgumentException if negative or not finite
     */
    @CanIgnoreReturnValue
    public Builder pricePerMillionTokens(double price) {
      checkMoney("pricePerMillionTokens", price);
      this.price = price;
      return this;
    }

    /**
     * What this embedder may cost from its opening on, in the currency of the price. A request is
     * sent only if all its texts, counted by {@link #tokenCounter}, fit into what is left; {@link
     * SpendingCapException} otherwise.
     *
     * @throws IllegalArgumentException if negative or not finite
     */
    @CanIgnoreReturnValue
    public Builder spendingCap(double cap) {
      checkMoney("spendingCap", cap);
      this.cap = cap;
      return this;
    }

    private static void checkMoney(String name, double money) {
      checkArgument(
          money >= 0 && Double.isFinite(money),
          "%s must be at least 0 and finite, was %s",
          name,
          money);
    }

    /**
     * Keeps vectors in a folder, which is created if need be and which may serve many embedders and
     * processes. It holds no texts, but vectors of texts, which can be inverted: below the folder
     * given only the owner may read and enter, where the file system knows POSIX permissions.
     */
    @CanIgnoreReturnValue
    public Builder cache(Path folder) {
      cache = requireNonNull(folder, "folder");
      cacheChosen = true;
      return this;
    }

    /** Keeps no vectors: what a broken run has paid for is lost. */
    @CanIgnoreReturnValue
    public Builder withoutCache() {
      cache = null;
      cacheChosen = true;
      return this;
    }

    /**
     * Counts the tokens that a text is billed as, at most, its prefix included; the cap and the
     * limits rest on it until the endpoint states what it billed. By default one for each byte of
     * UTF-8 and two for special tokens, which tokenizers that go down to bytes never exceed and
     * which is some four times too many for English: a tighter count lets more into a request.
     */
    @CanIgnoreReturnValue
    public Builder tokenCounter(ToIntFunction<String> counter) {
      tokenCounter = requireNonNull(counter, "counter");
      return this;
    }

    /**
     * Texts in a request; 256 by default.
     *
     * @throws IllegalArgumentException if below 1
     */
    @CanIgnoreReturnValue
    public Builder maxTextsPerRequest(int texts) {
      checkArgument(texts > 0, "maxTextsPerRequest must be at least 1, was %s", texts);
      maxTexts = texts;
      return this;
    }

    /**
     * Tokens in a request, by {@link #tokenCounter}; 250,000 by default, and never more than those
     * of a minute. A text of more tokens goes alone.
     *
     * @throws IllegalArgumentException if below 1
     */
    @CanIgnoreReturnValue
    public Builder maxTokensPerRequest(int tokens) {
      checkArgument(tokens > 0, "maxTokensPerRequest must be at least 1, was %s", tokens);
      maxTokens = tokens;
      return this;
    }

    /**
     * Requests that may be sent a minute; unlimited by default. As endpoints count: a minute's
     * worth at once at most, and the allowance grows evenly.
     *
     * @throws IllegalArgumentException if below 1
     */
    @CanIgnoreReturnValue
    public Builder requestsPerMinute(int requests) {
      checkArgument(requests > 0, "requestsPerMinute must be at least 1, was %s", requests);
      requestsPerMinute = requests;
      return this;
    }

    /**
     * Tokens that may be sent a minute; unlimited by default.
     *
     * @throws IllegalArgumentException if below 1
     */
    @CanIgnoreReturnValue
    public Builder tokensPerMinute(int tokens) {
      checkArgument(tokens > 0, "tokensPerMinute must be at least 1, was %s", tokens);
      tokensPerMinute = tokens;
      return this;
    }

    /**
     * How often a request that fails for the moment is tried again; 6 times by default.
     *
     * @throws IllegalArgumentException if negative
     */
    @CanIgnoreReturnValue
    public Builder retries(int retries) {
      checkArgument(retries >= 0, "retries must be at least 0, was %s", retries);
      this.retries = retries;
      return this;
    }

    /**
     * How long to wait before a request is tried again; half a second to a minute by default.
     *
     * @param first the wait after the first failure, doubled after each further one; up to half of
     *     it is taken off at random
     * @param longest the longest wait; the call fails if the endpoint asks for more
     * @throws IllegalArgumentException if not above zero, or if {@code longest} is shorter
     */
    @CanIgnoreReturnValue
    public Builder backoff(Duration first, Duration longest) {
      checkPositive("first", first);
      checkArgument(
          longest.compareTo(first) >= 0, "longest must be at least %s, was %s", first, longest);
      backoff = new Backoff(first, longest);
      return this;
    }

    /**
     * How long to wait for an answer, from connecting to its last byte; a minute by default.
     *
     * @throws IllegalArgumentException if not above zero
     */
    @CanIgnoreReturnValue
    public Builder timeout(Duration timeout) {
      checkPositive("timeout", timeout);
      this.timeout = timeout;
      return this;
    }

    private static void checkPositive(String name, Duration d) {
      checkArgument(!d.isNegative() && !d.isZero(), "%s must be above zero, was %s", name, d);
    }

    /** Ends calls early, whatever they wait for; by default only an interrupt does. */
    @CanIgnoreReturnValue
    public Builder cancellation(Cancellation cancellation) {
      this.cancellation = requireNonNull(cancellation, "cancellation");
      return this;
    }

    /** For tests, which can't set variables. */
    @CanIgnoreReturnValue
    Builder environment(UnaryOperator<@Nullable String> environment) {
      this.environment = environment;
      return this;
    }

    /** For tests, which have no time to wait. */
    @CanIgnoreReturnValue
    Builder clock(Clock clock) {
      this.clock = clock;
      return this;
    }

    /** What a vector depends on beside the text. */
    private String scope() {
      return String.join(
          "\n", baseUrl.toString(), model, String.valueOf(space.dimension()), "" + sendDimensions);
    }

    /**
     * Opens the embedder. Nothing is sent yet.
     *
     * @throws IllegalStateException if price, cap or cache were not chosen
     * @throws IllegalArgumentException if a key would be sent unencrypted to another machine
     * @throws Vec2TextException if the environment variable holds no key, or the cache can't be
     *     used
     */
    public OpenAiEmbedder open() {
      Double p = price;
      Double c = cap;
      checkState(p != null, "pricePerMillionTokens is not set; 0 if tokens are free");
      checkState(c != null, "spendingCap is not set; 0 if tokens are free");
      checkState(cacheChosen, "neither cache(folder) nor withoutCache() was called");
      return new OpenAiEmbedder(this, p, c);
    }
  }
}
