package io.vec2text.lm.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * What a caller of a server can recover. It holds no prompt, and nothing of any distribution.
 *
 * @param url the server
 * @param style how it was asked
 * @param chat whether as a chat
 * @param calls how many requests were sent
 * @param capabilities what its interface shows
 * @param declaredSize the size of the model's states as the server tells it
 * @param size what distributions tell of that size
 * @param advice for the server's owner
 */
public record ProbeReport(
    String url,
    ServerStyle style,
    boolean chat,
    long calls,
    Capabilities capabilities,
    OptionalInt declaredSize,
    SizeEstimate size,
    ImmutableList<String> advice) {

  private static final double MINUTE = 60;
  private static final double HOUR = 3600;
  private static final double DAY = 86400;

  /** A way to the whole distribution: calls, and seconds at the speed that was measured. */
  private record Way(ServerMethod method, long calls, double seconds) {}

  private Way way(ServerMethod method, long tokens) {
    long needed = method.calls(capabilities, tokens);
    return new Way(method, needed, capabilities.seconds(method, needed));
  }

  /** The size of a state as far as anything tells it. */
  OptionalInt knownSize() {
    return size.size().isPresent() ? size.size() : declaredSize;
  }

  /** The report for people, in Markdown. */
  public String text() {
    List<String> lines = new ArrayList<>();
    lines.add("# What a caller of " + url + " can recover");
    lines.add("");
    lines.add(
        "%s style, %s, %s."
            .formatted(
                style, chat ? "chat" : "bare prompts (no chat template)", count(calls, "call")));
    lines.add("");
    lines.add(conclusion());
    lines.add("");
    lines.add("| way to the whole distribution of the next token | calls | time |");
    lines.add("| --- | --- | --- |");
    for (ServerMethod method : ServerMethod.values()) {
      lines.add(row(method));
    }
    lines.add("");
    facts().forEach(fact -> lines.add("* " + fact));
    lines.add("");
    lines.add("Advice to the owner of the server:");
    lines.add("");
    advice.forEach(line -> lines.add("* " + line));
    return String.join("\n", lines) + "\n";
  }

  private String row(ServerMethod method) {
    if (!capabilities.methods().contains(method)) {
      return "| " + method.description() + " | does not work | |";
    }
    Way way = way(method, capabilities.vocabulary());
    return "| %s | %s | %s |"
        .formatted(method.description(), grouped(way.calls), duration(way.seconds));
  }

  private String conclusion() {
    if (capabilities.methods().isEmpty()) {
      return capabilities.topTokens() > 0
          ? "A caller sees the %d most probable tokens after a prompt, no more."
              .formatted(capabilities.topTokens())
          : "A caller sees what the model answers, no more.";
    }
    Way way = way(capabilities.methods().get(0), capabilities.vocabulary());
    return "A caller can recover the whole distribution of the next token after a prompt: in %s"
            .formatted(count(way.calls, "call"))
        + ", about %s.".formatted(duration(way.seconds));
  }

  private List<String> facts() {
    List<String> facts = new ArrayList<>();
    facts.add("vocabulary: %s tokens".formatted(grouped(capabilities.vocabulary())));
    facts.add(
        capabilities.topTokens() == 0
            ? "log-probabilities: none are shown"
            : "log-probabilities: of %s tokens at most in an answer, %s"
                .formatted(
                    grouped(capabilities.topTokens()),
                    capabilities.decimals().isPresent()
                        ? "rounded to " + capabilities.decimals().getAsInt() + " decimals"
                        : "not rounded"));
    facts.add("a logit bias " + capabilities.bias().description());
    capabilities
        .difference()
        .ifPresent(
            d ->
                facts.add(
                    d == 0
                        ? "two answers to the same request are the same"
                        : "two answers to the same request differ by up to %.1e"
                            .formatted(d)
                            .concat(" in a log-probability")));
    declaredSize.ifPresent(d -> facts.add("hidden size: " + d + ", which the server itself tells"));
    facts.add(size.text());
    OptionalInt known = knownSize();
    if (known.isPresent() && !capabilities.methods().isEmpty()) {
      Way way = way(capabilities.methods().get(0), known.getAsInt() + 1L);
      facts.add(
          "who has the model's weights needs %s tokens for the state behind the whole distribution:"
                  .formatted(grouped(known.getAsInt() + 1L))
              + " %s, about %s".formatted(count(way.calls, "call"), duration(way.seconds)));
    }
    return facts;
  }

  private static String count(long n, String what) {
    return grouped(n) + " " + what + (n == 1 ? "" : "s");
  }

  private static String grouped(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  private static String duration(double seconds) {
    if (seconds < MINUTE) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    if (seconds < HOUR) {
      return String.format(Locale.ROOT, "%.1f minutes", seconds / MINUTE);
    }
    return seconds < 2 * DAY
        ? String.format(Locale.ROOT, "%.1f hours", seconds / HOUR)
        : String.format(Locale.ROOT, "%.1f days", seconds / DAY);
  }

  /** The report for programs: an object in JSON. */
  public String json() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("url", url).put("style", style.toString()).put("chat", chat).put("calls", calls);
    root.put("vocabulary", capabilities.vocabulary());
    root.put("topTokens", capabilities.topTokens());
    root.put("logitBias", capabilities.bias().name().toLowerCase(Locale.ROOT));
    capabilities.decimals().ifPresent(n -> root.put("decimals", n));
    capabilities.difference().ifPresent(d -> root.put("largestDifference", d));
    ArrayNode methods = root.putArray("methods");
    for (ServerMethod method : capabilities.methods()) {
      Way way = way(method, capabilities.vocabulary());
      methods
          .addObject()
          .put("method", method.name().toLowerCase(Locale.ROOT))
          .put("calls", way.calls)
          .put("seconds", way.seconds);
    }
    declaredSize.ifPresent(d -> root.put("declaredHiddenSize", d));
    size.size().ifPresent(d -> root.put("hiddenSize", d));
    root.put("distributions", size.distributions());
    ArrayNode lines = root.putArray("advice");
    advice.forEach(lines::add);
    return root.toPrettyString();
  }
}
