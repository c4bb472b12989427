package io.vec2text.eval.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vec2text.eval.Difference;
import io.vec2text.eval.Interval;
import io.vec2text.eval.PairScores;
import io.vec2text.eval.Provenance;
import io.vec2text.eval.Rate;
import io.vec2text.eval.Summary;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How reports write a figure, in JSON and in tables. */
public final class Figures {
  /** What stands in a cell without a figure. */
  public static final String NONE = "–";

  private static final ObjectMapper JSON = new ObjectMapper();

  private Figures() {}

  /** An object without members. */
  public static ObjectNode object() {
    return JSON.createObjectNode();
  }

  /** A JSON document on lines of its own. */
  public static String write(ObjectNode root) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("can't write JSON", e);
    }
  }

  /** What made the figures. */
  public static ObjectNode json(Provenance p) {
    ObjectNode node = object();
    node.put("inverter", p.inverter()).put("embedder", p.embedder());
    node.put("storage", p.storage().toString());
    node.put("data", p.data()).put("dataSha256", p.dataSha256()).put("seed", p.seed());
    node.put("maxEmbeddings", p.maxEmbeddings());
    p.timeLimit().ifPresent(w -> node.put("maxSeconds", w.toNanos() / 1e9));
    node.put("threads", p.threads());
    ObjectNode versions = node.putObject("versions");
    p.versions().forEach(versions::put);
    return node;
  }

  /** Adds a rate with its interval. */
  public static void put(ObjectNode node, String name, Rate rate) {
    ObjectNode value = node.putObject(name).put("count", rate.count()).put("of", rate.of());
    rate.value().ifPresent(v -> value.put("value", v));
    rate.interval().ifPresent(i -> put(value, i));
  }

  /** Adds a mean with its interval, and the median. */
  public static void put(ObjectNode node, String name, Summary summary) {
    ObjectNode value = node.putObject(name).put("value", summary.mean());
    put(value.put("median", summary.median()), summary.interval());
  }

  /** Adds a difference with its interval and p-value. */
  public static void put(ObjectNode node, String name, Difference difference) {
    ObjectNode value = node.putObject(name).put("value", difference.value());
    put(value, difference.interval());
    value.put("pValue", difference.pValue());
  }

  /** Adds published metrics of a text, or their means. */
  public static void put(ObjectNode node, PairScores scores) {
    node.put("sentenceBleu", scores.sentenceBleu()).put("pairBleu", scores.pairBleu());
    node.put("sentenceChrf", scores.sentenceChrf()).put("rouge1", scores.rouge1());
    node.put("rouge2", scores.rouge2()).put("rougeL", scores.rougeL());
    node.put("wordSetF1", scores.wordSetF1()).put("wordEdits", scores.wordEdits());
  }

  /** Adds the ends of an interval. */
  public static void put(ObjectNode node, Interval interval) {
    node.put("low", interval.low()).put("high", interval.high());
  }

  /** What made the figures, in lines. */
  public static List<String> head(Provenance p) {
    String deadline =
        p.timeLimit().map(w -> format(", %.3f s of work", w.toNanos() / 1e9)).orElse("");
    String versions =
        p.versions().entrySet().stream()
            .map(e -> e.getKey() + " " + e.getValue())
            .collect(Collectors.joining(", "));
    return List.of(
        format("data: %s, sha256 %s", p.data(), p.dataSha256()),
        format("embedder: %s, vectors stored as %s", p.embedder(), p.storage()),
        format("budget: %d embeddings%s a vector, seed %d", p.maxEmbeddings(), deadline, p.seed()),
        format("threads: %d; %s", p.threads(), versions));
  }

  /** {@link #head} of several evaluations whose budgets differ. */
  public static List<String> headWithoutBudget(Provenance p) {
    return head(p).stream()
        .map(line -> line.startsWith("budget:") ? "seed " + p.seed() : line)
        .toList();
  }

  /** A rate in percent with its interval. */
  public static String percent(Rate rate) {
    Optional<Interval> interval = rate.interval();
    if (interval.isEmpty()) {
      return NONE;
    }
    return percent((double) rate.count() / rate.of(), interval.get());
  }

  /** A mean in [0, 1] in percent with its interval. */
  public static String percent(Summary summary) {
    return percent(summary.mean(), summary.interval());
  }

  private static String percent(double value, Interval interval) {
    return format("%.1f [%.1f, %.1f]", 100 * value, 100 * interval.low(), 100 * interval.high());
  }

  /** The name of a constant as it is shown. */
  public static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** Formats the same on every machine. */
  public static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
