package io.vec2text.openai;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;
import static java.util.Objects.requireNonNull;

import com.google.common.base.Utf8;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vec2text.Cancellation;
import io.vec2text.EmbeddingSpace;
import io.vec2text.Vec2TextException;
import io.vec2text.internal.ApiKey;
import io.vec2text.internal.ApiUrl;
import io.vec2text.internal.Backoff;
import io.vec2text.internal.Retries;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Builds an {@link OpenAiEmbedder}. Price, cap and cache have no defaults. */
public final class OpenAiEmbedderBuilder {
  private final EmbeddingSpace space;
  private String model;
  private boolean sendDimensions;
  private URI baseUrl = URI.create("https://api.openai.com/v1");
  private @Nullable String keyVariable = "OPENAI_API_KEY";
  private UnaryOperator<@Nullable String> environment = OpenAiEmbedderBuilder::variable;
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

  OpenAiEmbedderBuilder(EmbeddingSpace space) {
    this.space = requireNonNull(space, "space");
    model = space.modelId();
  }

  private static @Nullable String variable(@Nullable String name) {
    return System.getenv(name);
  }

  /** What the endpoint calls the model; by default the model of the space. */
  @CanIgnoreReturnValue
  public OpenAiEmbedderBuilder model(String name) {
    model = requireNonNull(name, "name");
    return this;
  }

  /**
   * Whether to ask the endpoint for vectors of the space's dimension, by the parameter {@code
   * dimensions}, which only some models know; false by default.
   */
  @CanIgnoreReturnValue
  public OpenAiEmbedderBuilder sendDimensions(boolean send) {
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
  public OpenAiEmbedderBuilder baseUrl(String url) {
    baseUrl = ApiUrl.parse("the base URL", url);
    return this;
  }

  /**
   * The environment variable that holds the key; {@code OPENAI_API_KEY} by default. A key is only
   * sent by https, or to this machine.
   */
  @CanIgnoreReturnValue
  public OpenAiEmbedderBuilder keyVariable(String name) {
    keyVariable = requireNonNull(name, "name");
    return this;
  }

  /** Sends no key, as to a server of one's own. */
  @CanIgnoreReturnValue
  public OpenAiEmbedderBuilder withoutKey() {
    keyVariable = null;
    return this;
  }

  /**
   * What a million tokens cost, in any currency; 0 if they are free.
   *
   * @throws IllegalArgumentException if negative or not finite
   */
  @CanIgnoreReturnValue
  public OpenAiEmbedderBuilder pricePerMillionTokens(double price) {
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
  public OpenAiEmbedderBuilder spendingCap(double cap) {
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
  public OpenAiEmbedderBuilder cache(Path folder) {
    cache = requireNonNull(folder, "folder");
    cacheChosen = true;
    return this;
  }

  /** Keeps no vectors: what a broken run has paid for is lost. */
  @CanIgnoreReturnValue
  public OpenAiEmbedderBuilder withoutCache() {
    cache = null;
    cacheChosen = true;
    return this;
  }

  /**
   * Counts the tokens that a text is billed as, at most, its prefix included; the cap and the
   * limits rest on it until the endpoint states what it billed. By default one for each byte of
   * UTF-8 and two for special tokens, which tokenizers that go down to bytes never exceed and which
   * is some four times too many for English: a tighter count lets more into a request.
   */
  @CanIgnoreReturnValue
  public OpenAiEmbedderBuilder tokenCounter(ToIntFunction<String> counter) {
    tokenCounter = requireNonNull(counter, "counter");
    return this;
  }

  /**
   * Texts in a request; 256 by default.
   *
   * @throws IllegalArgumentException if below 1
   */
  @CanIgnoreReturnValue
  public OpenAiEmbedderBuilder maxTextsPerRequest(int texts) {
    checkArgument(texts > 0, "maxTextsPerRequest must be at least 1, was %s", texts);
    maxTexts = texts;
    return this;
  }

  /**
   * Tokens in a request, by {@link #tokenCounter}; 250,000 by default, and never more than those of
   * a minute. A text of more tokens goes alone.
   *
   * @throws IllegalArgumentException if below 1
   */
  @CanIgnoreReturnValue
  public OpenAiEmbedderBuilder maxTokensPerRequest(int tokens) {
    checkArgument(tokens > 0, "maxTokensPerRequest must be at least 1, was %s", tokens);
    maxTokens = tokens;
    return this;
  }

  /**
   * Requests that may be sent a minute; unlimited by default. As endpoints count: a minute's worth
   * at once at most, and the allowance grows evenly.
   *
   * @throws IllegalArgumentException if below 1
   */
  @CanIgnoreReturnValue
  public OpenAiEmbedderBuilder requestsPerMinute(int requests) {
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
  public OpenAiEmbedderBuilder tokensPerMinute(int tokens) {
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
  public OpenAiEmbedderBuilder retries(int retries) {
    checkArgument(retries >= 0, "retries must be at least 0, was %s", retries);
    this.retries = retries;
    return this;
  }

  /**
   * How long to wait before a request is tried again; half a second to a minute by default.
   *
   * @param first the wait after the first failure, doubled after each further one; up to half of it
   *     is taken off at random
   * @param longest the longest wait; the call fails if the endpoint asks for more
   * @throws IllegalArgumentException if not above zero, or if {@code longest} is shorter
   */
  @CanIgnoreReturnValue
  public OpenAiEmbedderBuilder backoff(Duration first, Duration longest) {
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
  public OpenAiEmbedderBuilder timeout(Duration timeout) {
    checkPositive("timeout", timeout);
    this.timeout = timeout;
    return this;
  }

  private static void checkPositive(String name, Duration d) {
    checkArgument(!d.isNegative() && !d.isZero(), "%s must be above zero, was %s", name, d);
  }

  /** Ends calls early, whatever they wait for; by default only an interrupt does. */
  @CanIgnoreReturnValue
  public OpenAiEmbedderBuilder cancellation(Cancellation cancellation) {
    this.cancellation = requireNonNull(cancellation, "cancellation");
    return this;
  }

  /** For tests, which can't set variables. */
  @CanIgnoreReturnValue
  OpenAiEmbedderBuilder environment(UnaryOperator<@Nullable String> environment) {
    this.environment = environment;
    return this;
  }

  /** For tests, which have no time to wait. */
  @CanIgnoreReturnValue
  OpenAiEmbedderBuilder clock(Clock clock) {
    this.clock = clock;
    return this;
  }

  /** What a vector depends on besides the text. */
  private String scope() {
    return String.join(
        "\n", baseUrl.toString(), model, String.valueOf(space.dimension()), "" + sendDimensions);
  }

  /**
   * Opens the embedder. Nothing is sent yet.
   *
   * @throws IllegalStateException if price, cap or cache were not chosen
   * @throws IllegalArgumentException if a key would be sent unencrypted to another machine
   * @throws Vec2TextException if the environment variable holds no key, or the cache can't be used
   */
  public OpenAiEmbedder open() {
    Double p = price;
    Double c = cap;
    checkState(p != null, "pricePerMillionTokens is not set; 0 if tokens are free");
    checkState(c != null, "spendingCap is not set; 0 if tokens are free");
    checkState(cacheChosen, "neither cache(folder) nor withoutCache() was called");
    ApiKey key = keyVariable == null ? null : ApiKey.of(keyVariable, environment);
    ApiUrl.check(baseUrl, key, "https, or withoutKey()");
    Clock time = clock == null ? new Clock(cancellation) : clock;
    Ledger ledger = new Ledger(c, p);
    Endpoint endpoint =
        new Endpoint(
            URI.create(baseUrl + "/embeddings"),
            model,
            space,
            sendDimensions,
            key,
            timeout,
            time,
            ledger);
    RateLimits limits = new RateLimits(requestsPerMinute, tokensPerMinute, time);
    return new OpenAiEmbedder(
        space,
        tokenCounter,
        maxTexts,
        tokensPerMinute == null ? maxTokens : Math.min(maxTokens, tokensPerMinute),
        ledger,
        new Sender(endpoint, ledger, limits, new Retries(retries, backoff), time),
        cache == null ? null : DiskCache.open(cache, scope(), space.dimension()));
  }
}
