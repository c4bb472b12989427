package io.vec2text.lm.server;

import static com.google.common.base.Preconditions.checkArgument;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.google.common.hash.Hashing;
import io.vec2text.Vec2TextException;
import io.vec2text.internal.ApiKey;
import io.vec2text.lm.LogitOracle;
import io.vec2text.lm.NextTokenDistribution;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A language model behind a server: its owner sees what callers see.
 *
 * <pre>{@code
 * try (ModelServer server =
 *     ModelServer.at("http://127.0.0.1:8080").maxCalls(50).open()) {
 *   Capabilities shown = server.examine("Hello");
 *   NextTokenDistribution seen = server.observe("Hello", shown).distribution();
 * }
 * }</pre>
 *
 * <p>Every request that is sent counts, repeated ones too, and none is sent beyond the limit. With
 * a file of answers ({@link ServerOptions#answers}), nothing that was answered is asked again, by
 * whatever run. For one thread.
 */
public final class ModelServer implements Closeable {
  /** More tokens than any vocabulary has. */
  private static final int ALL = 1_000_000;

  private final URI base;
  private final boolean chat;
  private final HttpCalls calls;
  private final @Nullable TokenNames names;
  private final @Nullable Journal journal;
  private final ServerStyle style;
  private OpenAiStyle openAi;
  private Style requests;
  private int vocabulary;
  private final OptionalInt declaredSize;

  /**
   * What was seen after a prompt.
   *
   * @param distribution all tokens, or as many as the method and the limit let be known
   * @param method how; empty if there is no way to more than the most probable tokens
   */
  public record Observation(NextTokenDistribution distribution, Optional<ServerMethod> method) {}

  ModelServer(ServerOptions options, @Nullable ApiKey key) throws IOException {
    base = options.base();
    chat = options.isChat();
    names = options.tokenizer() == null ? null : TokenNames.read(options.tokenizer());
    calls = new HttpCalls(options.settings(key));
    vocabulary = options.vocabularyOr(names == null ? 0 : names.vocabulary());
    String model = options.modelName();
    ServerStyle chosen = options.chosenStyle();
    OptionalInt size = OptionalInt.empty();
    if (chosen == ServerStyle.AUTO || vocabulary == 0 || model.isEmpty()) {
      JsonNode listed = models();
      JsonNode first = listed.size() == 1 ? listed.path(0) : listed.path(-1);
      if (chosen == ServerStyle.AUTO) {
        chosen =
            switch (listed.path(0).path("owned_by").asText()) {
              case "llamacpp" -> ServerStyle.LLAMA_CPP;
              case "vllm" -> ServerStyle.VLLM;
              default -> ServerStyle.OPENAI;
            };
      }
      model = model.isEmpty() ? first.path("id").asText("") : model;
      vocabulary = vocabulary == 0 ? first.path("meta").path("n_vocab").asInt() : vocabulary;
      int width = first.path("meta").path("n_embd").asInt();
      size = width > 0 ? OptionalInt.of(width) : size;
    }
    style = chosen;
    declaredSize = size;
    openAi = new OpenAiStyle(model, chat, OpenAiStyle.MAX_TOKENS);
    requests =
        switch (style) {
          case LLAMA_CPP -> chat ? openAi : new LlamaCppStyle();
          case VLLM -> new VllmStyle(openAi);
          case AUTO, OPENAI -> openAi;
        };
    journal = options.answersFile() == null ? null : Journal.open(options.answersFile());
  }

  /**
   * A server.
   *
   * @param url its address, with or without {@code /v1}
   * @throws IllegalArgumentException if it is no http or https URL with a host, or has user name,
   *     query or fragment
   */
  public static ServerOptions at(String url) {
    return new ServerOptions(url);
  }

  private JsonNode models() {
    try {
      return calls.ask("/v1/models", null).body().path("data");
    } catch (ServerException e) {
      if (!e.isRefusal()) {
        throw e;
      }
      return MissingNode.getInstance();
    }
  }

  /** How many requests were sent by this object. */
  public long calls() {
    return calls.sent();
  }

  /** How many more may be sent. */
  public long callsLeft() {
    return calls.left();
  }

  /** Allows so many more requests for now, within the limit of all. */
  public void allow(long more) {
    calls.allow(more);
  }

  /** How it is asked; never {@link ServerStyle#AUTO}. */
  public ServerStyle style() {
    return style;
  }

  /** Tokens of the vocabulary; 0 if that is not known yet. */
  public int vocabulary() {
    return vocabulary;
  }

  /** The size of the model's states, if the server tells it. */
  public OptionalInt declaredSize() {
    return declaredSize;
  }

  /** Where it is. */
  public String url() {
    return base.toString();
  }

  boolean takesIds() {
    return requests.takesIds();
  }

  boolean hasTokenizer() {
    return names != null;
  }

  /** How many tokens to ask for to be shown all. */
  int all() {
    return vocabulary == 0 ? ALL : vocabulary;
  }

  void vocabulary(int tokens) {
    vocabulary = tokens;
  }

  /**
   * Finds out what the server shows, in some ten calls.
   *
   * @throws ServerException if it does not answer
   * @throws CallLimitException if that takes more calls than allowed
   */
  public Capabilities examine(String prompt) {
    return new Examination(this, prompt).run();
  }

  /**
   * As much of the distribution after a prompt as the limit of calls allows, by the method with the
   * fewest calls.
   *
   * @throws ServerException if no method works, or the server does not answer
   * @throws CallLimitException if next to nothing was learned
   */
  public Observation observe(String prompt, Capabilities capabilities) {
    Optional<ServerMethod> best = capabilities.best();
    if (best.isEmpty()) {
      if (capabilities.topTokens() < 2) {
        throw new ServerException(base + " shows nothing of its distribution", null);
      }
      Shown top = ask(Question.top(prompt, capabilities.topTokens()));
      return new Observation(top.distribution(capabilities.vocabulary()), best);
    }
    LogitOracle oracle = best.get().oracle(this, prompt, capabilities);
    try {
      return new Observation(oracle.distribution(Long.MAX_VALUE), best);
    } catch (CallLimitException e) {
      NextTokenDistribution known;
      try {
        known = oracle.known();
      } catch (Vec2TextException nothing) {
        throw e;
      }
      return new Observation(known, best);
    }
  }

  /**
   * What the model answers, the most probable token at each step. One call, whose answer is not
   * kept.
   *
   * @param maxTokens of the answer, at least 1
   * @throws ServerException if the server does not answer with a text
   * @throws CallLimitException if no further request may be sent
   */
  public String answer(String prompt, int maxTokens) {
    checkArgument(maxTokens > 0, "maxTokens must be at least 1, was %s", maxTokens);
    HttpCalls.Reply reply;
    try {
      reply = calls.ask(openAi.path(), openAi.body(prompt, maxTokens));
    } catch (ServerException e) {
      openAi = openAi.otherLimit(e);
      reply = calls.ask(openAi.path(), openAi.body(prompt, maxTokens));
    }
    JsonNode choice = reply.body().path("choices").path(0);
    JsonNode text = chat ? choice.path("message").path("content") : choice.path("text");
    if (!text.isTextual()) {
      throw new ServerException(
          base + openAi.path() + " gave no answer in its first choice, expected a text", null);
    }
    return text.textValue();
  }

  Shown ask(Question question) {
    return ask(question, id -> true);
  }

  /**
   * Asks, unless the answer is kept.
   *
   * @param wanted of which tokens to keep log-probabilities; depends on the question alone
   */
  Shown ask(Question question, IntPredicate wanted) {
    String key = key(question);
    Journal kept = journal;
    Optional<Shown> before = kept == null ? Optional.empty() : kept.get(key);
    if (before.isPresent()) {
      return before.get();
    }
    try {
      HttpCalls.Reply reply = send(question);
      Shown shown = new AnswerReader(base.toString(), vocabulary, names).read(reply).only(wanted);
      if (kept != null) {
        kept.put(key, shown);
      }
      return shown;
    } catch (ServerException e) {
      keep(key, e);
      throw e;
    } catch (IOException e) {
      throw new Vec2TextException("the answer can't be kept: " + e.getMessage(), e);
    }
  }

  private void keep(String key, ServerException refusal) {
    if (journal == null || !refusal.isRefusal()) {
      return;
    }
    try {
      journal.put(key, refusal);
    } catch (IOException e) {
      throw new Vec2TextException("the answer can't be kept: " + e.getMessage(), e);
    }
  }

  private HttpCalls.Reply send(Question question) {
    try {
      return calls.ask(requests.path(), requests.body(question));
    } catch (ServerException e) {
      if (!(requests instanceof OpenAiStyle asked)) {
        throw e;
      }
      requests = asked.otherLimit(e);
      return calls.ask(requests.path(), requests.body(question));
    }
  }

  private String key(Question question) {
    // Without the name of the limit, which is found out anew.
    Style asked =
        requests instanceof OpenAiStyle o
            ? new OpenAiStyle(o.model(), chat, OpenAiStyle.MAX_TOKENS)
            : requests;
    return Hashing.sha256()
        .hashString(
            base
                + asked.path()
                + "\n"
                + asked.body(question)
                + "\n"
                + question.ids()
                + question.repetition(),
            UTF_8)
        .toString();
  }

  @Override
  public void close() throws IOException {
    if (journal != null) {
      journal.close();
    }
  }

  @Override
  public String toString() {
    return "ModelServer[" + base + ", " + style + "]";
  }
}
