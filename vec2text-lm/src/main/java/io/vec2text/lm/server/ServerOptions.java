package io.vec2text.lm.server;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vec2text.Cancellation;
import io.vec2text.Vec2TextException;
import io.vec2text.internal.ApiKey;
import io.vec2text.internal.ApiUrl;
import io.vec2text.internal.Backoff;
import io.vec2text.internal.Retries;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** How to ask a server; {@link #open} gives the {@link ModelServer}. */
public final class ServerOptions {
  private static final long DEFAULT_CALLS = 30;
  private static final String VERSION = "/v1";

  private final URI base;
  private ServerStyle style = ServerStyle.AUTO;
  private boolean chat;
  private String model = "";
  private @Nullable String keyVariable;
  private UnaryOperator<@Nullable String> environment = ServerOptions::variable;
  private int vocabulary;
  private @Nullable Path tokenizer;
  private @Nullable Path answers;
  private long maxCalls = DEFAULT_CALLS;
  private int retries = 4;
  private Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofMinutes(1));
  private Duration timeout = Duration.ofMinutes(2);
  private Cancellation cancellation = new Cancellation();

  ServerOptions(String url) {
    String cut = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    cut = cut.endsWith(VERSION) ? cut.substring(0, cut.length() - VERSION.length()) : cut;
    base = ApiUrl.parse("the server's address", cut);
  }

  private static @Nullable String variable(@Nullable String name) {
    return System.getenv(name);
  }

  /** How the server wants to be asked; by default as its list of models says. */
  @CanIgnoreReturnValue
  public ServerOptions style(ServerStyle style) {
    this.style = requireNonNull(style, "style");
    return this;
  }

  /** Whether prompts are messages of a user, to which the server puts its template. */
  @CanIgnoreReturnValue
  public ServerOptions chat(boolean chat) {
    this.chat = chat;
    return this;
  }

  /** The model's name there; by default the only one that the server lists. */
  @CanIgnoreReturnValue
  public ServerOptions model(String name) {
    model = requireNonNull(name, "name");
    return this;
  }

  /**
   * The environment variable that holds the key, which is only sent by https, or to this machine.
   */
  @CanIgnoreReturnValue
  public ServerOptions keyVariable(String name) {
    keyVariable = requireNonNull(name, "name");
    return this;
  }

  /**
   * Tokens of the model's vocabulary; by default those of the tokenizer, or as the server says.
   *
   * @throws IllegalArgumentException if below 2
   */
  @CanIgnoreReturnValue
  public ServerOptions vocabulary(int tokens) {
    checkArgument(tokens > 1, "the vocabulary must be at least 2, was %s", tokens);
    vocabulary = tokens;
    return this;
  }

  /** A {@code tokenizer.json} of the model, for servers that answer with texts of tokens. */
  @CanIgnoreReturnValue
  public ServerOptions tokenizer(Path file) {
    tokenizer = requireNonNull(file, "file");
    return this;
  }

  /**
   * A file that keeps answers, which is created for the owner alone if it is not there. It holds
   * what was observed, and no texts.
   */
  @CanIgnoreReturnValue
  public ServerOptions answers(Path file) {
    answers = requireNonNull(file, "file");
    return this;
  }

  /**
   * How many requests may be sent; 30 by default.
   *
   * @throws IllegalArgumentException if below 1
   */
  @CanIgnoreReturnValue
  public ServerOptions maxCalls(long calls) {
    checkArgument(calls > 0, "maxCalls must be at least 1, was %s", calls);
    maxCalls = calls;
    return this;
  }

  /**
   * How often a request that may succeed later is sent again; 4 times by default.
   *
   * @throws IllegalArgumentException if negative
   */
  @CanIgnoreReturnValue
  public ServerOptions retries(int retries) {
    checkArgument(retries >= 0, "retries must be at least 0, was %s", retries);
    this.retries = retries;
    return this;
  }

  /**
   * How long to wait before that; half a second to a minute by default.
   *
   * @param first after the first failure, doubled after each further one
   * @param longest the call fails if the server asks for more
   */
  @CanIgnoreReturnValue
  public ServerOptions backoff(Duration first, Duration longest) {
    checkArgument(
        first.toNanos() > 0 && longest.compareTo(first) >= 0,
        "the waits must be above zero, the longest at least the first, were %s and %s",
        first,
        longest);
    backoff = new Backoff(first, longest);
    return this;
  }

  /** How long to wait for a whole answer; two minutes by default. */
  @CanIgnoreReturnValue
  public ServerOptions timeout(Duration timeout) {
    checkArgument(timeout.toNanos() > 0, "the timeout must be above zero, was %s", timeout);
    this.timeout = timeout;
    return this;
  }

  /** Ends calls early. */
  @CanIgnoreReturnValue
  public ServerOptions cancellation(Cancellation cancellation) {
    this.cancellation = requireNonNull(cancellation, "cancellation");
    return this;
  }

  /** For tests, which can't set variables. */
  @CanIgnoreReturnValue
  ServerOptions environment(UnaryOperator<@Nullable String> environment) {
    this.environment = environment;
    return this;
  }

  /**
   * Opens the server: asks for its list of models if something is not given.
   *
   * @throws IllegalArgumentException if a key would be sent unencrypted to another machine
   * @throws ServerException if it does not answer
   * @throws Vec2TextException if the environment variable holds no key, or a file is not what it is
   *     to be
   * @throws IOException if a file can't be read or written
   */
  public ModelServer open() throws IOException {
    ApiKey key = keyVariable == null ? null : ApiKey.of(keyVariable, environment);
    ApiUrl.check(base, key, "https");
    return new ModelServer(this, key);
  }

  URI base() {
    return base;
  }

  boolean isChat() {
    return chat;
  }

  ServerStyle chosenStyle() {
    return style;
  }

  String modelName() {
    return model;
  }

  int vocabularyOr(int other) {
    return vocabulary == 0 ? other : vocabulary;
  }

  @Nullable Path tokenizer() {
    return tokenizer;
  }

  @Nullable Path answersFile() {
    return answers;
  }

  HttpCalls.Settings settings(@Nullable ApiKey key) {
    return new HttpCalls.Settings(
        base, key, maxCalls, new Retries(retries, backoff), timeout, cancellation);
  }
}
