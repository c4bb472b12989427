package io.vec2text.lm.server;

import io.vec2text.lm.NextTokenDistribution;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/** Tokens by their ids, as many a call as the server takes. */
final class ChosenIds extends CountedOracle {
  /** How often a token is asked for that does not come back. */
  private static final int TRIES = 3;

  private final ModelServer server;
  private final String prompt;
  private final int[] tries;
  private final Deque<Integer> open = new ArrayDeque<>();
  private final int first;
  private int perCall;

  ChosenIds(ModelServer server, String prompt, int perCall) {
    super(server.vocabulary());
    this.server = server;
    this.prompt = prompt;
    this.perCall = perCall;
    first = perCall;
    tries = new int[logs.length];
    Arrays.stream(shuffled(logs.length)).forEach(open::add);
  }

  @Override
  public long expectedCalls() {
    return (logs.length + first - 1L) / first;
  }

  @Override
  public NextTokenDistribution distribution(long maxCalls) {
    while (!open.isEmpty()) {
      List<Integer> asked = new ArrayList<>();
      while (asked.size() < perCall && !open.isEmpty()) {
        asked.add(open.remove());
      }
      boolean answered = false;
      try {
        count(maxCalls);
        Shown shown = server.ask(Question.top(prompt, 1).of(asked));
        answered = true;
        take(asked, shown);
      } finally {
        if (!answered) {
          // In their order, so that the same call is made when it goes on.
          for (int i = asked.size() - 1; i >= 0; i--) {
            open.addFirst(asked.get(i));
          }
        }
      }
    }
    return known();
  }

  private void take(List<Integer> asked, Shown shown) {
    Set<Integer> wanted = Set.copyOf(asked);
    learn(shown.only(wanted::contains));
    List<Integer> missing =
        asked.stream().filter(i -> logs[i] == Double.NEGATIVE_INFINITY).toList();
    int came = asked.size() - missing.size();
    if (came * 2 < asked.size()) {
      perCall = Math.max(1, came);
    }
    missing.stream().filter(i -> ++tries[i] < TRIES).forEach(open::add);
  }
}
