package io.vec2text.lm.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.Ints;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads answers: of llama.cpp's {@code /completion}, of OpenAI's completions and chat completions,
 * and of servers that mix them.
 */
final class AnswerReader {
  private static final String TOKEN_ID = "token_id:";

  /** What servers write for minus infinity, which JSON does not have: vLLM -9999, others less. */
  private static final double NOTHING = -9999;

  private final String server;
  private final int vocabulary;
  private final @Nullable TokenNames names;

  /**
   * A reader.
   *
   * @param server for messages
   * @param vocabulary tokens in all; 0 if that is not known
   * @param names null if there are none: then tokens without ids are only counted
   */
  AnswerReader(String server, int vocabulary, @Nullable TokenNames names) {
    this.server = server;
    this.vocabulary = vocabulary;
    this.names = names;
  }

  /**
   * Reads an answer.
   *
   * @throws ServerException if it is none, or shows what can't be
   */
  Shown read(HttpCalls.Reply reply) {
    JsonNode root = reply.body();
    JsonNode choice = root.path("choices").path(0);
    // llama.cpp's own answers have no choices.
    if (!choice.isObject() && !root.has("content") && !root.has("completion_probabilities")) {
      throw useless("no answer of a language model in it");
    }
    Collected all = new Collected();
    JsonNode logs = choice.path("logprobs");
    JsonNode first = root.path("completion_probabilities").path(0);
    if (logs.path("content").path(0).isObject()) {
      first = logs.path("content").path(0);
    }
    if (first.isObject()) {
      item(first, all);
    } else if (logs.path("tokens").isArray()) {
      legacy(logs, all);
    }
    if (all.chosen == Shown.UNKNOWN) {
      all.chosen = chosen(root, choice);
    }
    return all.shown(reply.seconds());
  }

  private ServerException useless(String why) {
    return new ServerException(server + " gave a useless answer: " + why, null);
  }

  /** One token with those beside it, as llama.cpp and OpenAI's chat give it. */
  private void item(JsonNode item, Collected all) {
    all.chosen = id(item);
    if (item.has("logprob")) {
      all.chosenLog = log(item.path("logprob"));
    }
    for (JsonNode other : item.path("top_logprobs")) {
      all.add(id(other), log(other.path("logprob")));
    }
  }

  /** OpenAI's completions. */
  private void legacy(JsonNode logs, Collected all) {
    all.chosen = id(logs.path("tokens").path(0).asText(), MissingNode.getInstance());
    if (logs.path("token_logprobs").path(0).isNumber()) {
      all.chosenLog = log(logs.path("token_logprobs").path(0));
    }
    for (Map.Entry<String, JsonNode> entry : logs.path("top_logprobs").path(0).properties()) {
      all.add(id(entry.getKey(), MissingNode.getInstance()), log(entry.getValue()));
    }
  }

  /** The chosen token where no log-probability names it. */
  private int chosen(JsonNode root, JsonNode choice) {
    for (JsonNode ids : new JsonNode[] {choice.path("token_ids"), root.path("tokens")}) {
      if (ids.path(0).isInt()) {
        return checked(ids.path(0).intValue());
      }
    }
    for (JsonNode text :
        new JsonNode[] {
          choice.path("message").path("content"), choice.path("text"), root.path("content")
        }) {
      if (text.isTextual() && names != null) {
        return names.id(text.textValue(), MissingNode.getInstance());
      }
    }
    return Shown.UNKNOWN;
  }

  private int id(JsonNode item) {
    return item.path("id").isInt()
        ? checked(item.path("id").intValue())
        : id(item.path("token").asText(), item.path("bytes"));
  }

  private int id(String text, JsonNode bytes) {
    if (text.startsWith(TOKEN_ID)) {
      Integer id = Ints.tryParse(text.substring(TOKEN_ID.length()));
      if (id != null) {
        return checked(id);
      }
    }
    return names == null ? Shown.UNKNOWN : names.id(text, bytes);
  }

  private int checked(int id) {
    if (id < 0 || (vocabulary > 0 && id >= vocabulary)) {
      throw useless(
          "a token "
              + id
              + ", but the vocabulary has ids from 0 to "
              + (vocabulary - 1)
              + "; is it of another model?");
    }
    return id;
  }

  private double log(JsonNode value) {
    if (!value.isNumber()) {
      throw useless(
          "a log-probability that is "
              + (value.isMissingNode() ? "missing" : value)
              + ", expected a number");
    }
    double log = value.doubleValue();
    if (!(log <= 0.02)) {
      throw useless("a log-probability of " + log + ", expected a number of at most 0");
    }
    return log;
  }

  /** What was read so far. */
  private static final class Collected {
    private int chosen = Shown.UNKNOWN;
    private double chosenLog = Double.NaN;
    private int entries;
    private final ImmutableIntArray.Builder tokens = ImmutableIntArray.builder();
    private final ImmutableDoubleArray.Builder logs = ImmutableDoubleArray.builder();
    private final Set<Integer> seen = new HashSet<>();

    void add(int id, double log) {
      entries++;
      // Different tokens may have the same text.
      if (id != Shown.UNKNOWN && log > NOTHING && seen.add(id)) {
        tokens.add(id);
        logs.add(log);
      }
    }

    Shown shown(double seconds) {
      return new Shown(chosen, chosenLog, entries, tokens.build(), logs.build(), seconds);
    }
  }
}
