package io.vec2text.lm.server;

import com.google.common.collect.Lists;
import io.vec2text.lm.HiddenSize;
import io.vec2text.lm.NextTokenDistribution;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Finds out what a caller of a server can recover: which ways to the whole distribution work, what
 * they cost, and the size of the model's states. Nothing is asked beyond the server's limit of
 * calls.
 */
public final class ServerProbe {
  /** Fewer distributions than this are not worth their calls. */
  private static final int FEW = 32;

  /** More than any state has components, plus some. */
  private static final int MANY = 9000;

  /** Of how many tokens to keep whole distributions, at least; at most twice as many. */
  private static final int KEPT = 2048;

  /** More distributions than components, as a size has to stand out. */
  private static final int SPARE = 12;

  private static final long SEED = 28;
  private static final int WORDS = 8;
  private static final List<String> VOCABULARY =
      List.of(
          "water",
          "seven",
          "because",
          "green",
          "letter",
          "under",
          "music",
          "winter",
          "engine",
          "people",
          "never",
          "stone",
          "market",
          "doctor",
          "quickly",
          "paper",
          "river",
          "between",
          "number",
          "old",
          "garden",
          "answer",
          "the",
          "of",
          "and",
          "who",
          "wrote",
          "find",
          "list",
          "code",
          "error",
          "city",
          "red",
          "why",
          "explain",
          "table",
          "horse",
          "light",
          "year",
          "not",
          "small",
          "their",
          "school",
          "write",
          "metal",
          "bread",
          "war",
          "sun",
          "train",
          "without",
          "story",
          "north",
          "sell",
          "figure",
          "language",
          "in",
          "to",
          "with",
          "does",
          "how",
          "salt",
          "king",
          "phone",
          "rain");

  private final ModelServer server;
  private final boolean chat;

  /**
   * A probe that has asked nothing yet.
   *
   * @param chat whether the server is asked as a chat, for the report
   */
  public ServerProbe(ModelServer server, boolean chat) {
    this.server = server;
    this.chat = chat;
  }

  /**
   * Asks.
   *
   * @throws ServerException if the server does not answer
   * @throws CallLimitException if the limit is too low to find out what the server shows
   */
  public ProbeReport run(String prompt) {
    Capabilities shown = server.examine(prompt);
    SizeEstimate size = size(shown);
    return new ProbeReport(
        server.url(),
        server.style(),
        chat,
        server.calls(),
        shown,
        server.declaredSize(),
        size,
        Advice.on(shown, server.style(), server.declaredSize().isPresent()));
  }

  private SizeEstimate size(Capabilities shown) {
    ServerMethod method = shown.best().orElse(ServerMethod.BISECTION);
    boolean ids = method == ServerMethod.CHOSEN_IDS;
    int declared = server.declaredSize().orElse(0);
    if (method != ServerMethod.WHOLE && !ids) {
      return new SizeEstimate(0, Optional.empty(), 0);
    }
    long needed = declared == 0 ? 0 : calls(shown, ids, declared + SPARE);
    int most = declared == 0 ? MANY : declared + SPARE;
    int n = affordable(shown, ids, most);
    if (n < FEW || (declared > 0 && n < most)) {
      return new SizeEstimate(0, Optional.empty(), needed);
    }
    IntPredicate kept = kept(shown.vocabulary(), ids ? n : KEPT);
    List<NextTokenDistribution> seen = new ArrayList<>();
    Random random = new Random(SEED);
    for (int i = 0; i < n; i++) {
      String prompt =
          random
              .ints(WORDS, 0, VOCABULARY.size())
              .mapToObj(VOCABULARY::get)
              .collect(Collectors.joining(" "));
      seen.add(
          ids
              ? chosen(prompt, shown, kept, n + 1)
              : server
                  .ask(Question.top(prompt, server.all()), kept)
                  .distribution(shown.vocabulary()));
    }
    return new SizeEstimate(n, HiddenSize.of(seen), needed);
  }

  /** How many distributions the calls that are left give. */
  private int affordable(Capabilities shown, boolean ids, int most) {
    int n = (int) Math.min(most, server.callsLeft());
    while (n > 0 && calls(shown, ids, n) > server.callsLeft()) {
      n--;
    }
    return n;
  }

  private static long calls(Capabilities shown, boolean ids, long n) {
    // As many tokens of each as there are distributions, and one more.
    long blocks = ids ? (n + shown.idsPerCall()) / shown.idsPerCall() : 1;
    return n * blocks;
  }

  /** Tokens evenly from all, at least so many, and one more. */
  private static IntPredicate kept(int vocabulary, int atLeast) {
    int step = Math.max(1, vocabulary / (atLeast + 1));
    return id -> id % step == 0;
  }

  private NextTokenDistribution chosen(
      String prompt, Capabilities shown, IntPredicate kept, int count) {
    List<Integer> wanted =
        IntStream.range(0, shown.vocabulary()).filter(kept).limit(count).boxed().toList();
    List<Integer> tokens = new ArrayList<>();
    List<Double> logs = new ArrayList<>();
    for (List<Integer> asked : Lists.partition(wanted, shown.idsPerCall())) {
      Shown answer = server.ask(Question.top(prompt, 1).of(asked));
      for (int id : asked) {
        answer
            .log(id)
            .ifPresent(
                log -> {
                  tokens.add(id);
                  logs.add(log);
                });
      }
    }
    return NextTokenDistribution.ofSome(
        shown.vocabulary(),
        tokens.stream().mapToInt(Integer::intValue).toArray(),
        logs.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
