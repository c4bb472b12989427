package io.vec2text.search;

import io.vec2text.InversionOptions;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One call of an {@link IterativeInverter}: its vectors pass through a window of live targets. */
final class InversionCall {
  /** As many as the models tell: what a search finds is judged by those that no result lists. */
  private static final int PREDICTED_WORDS = 128;

  private final IterativeInverter inverter;
  private final SearchContext context;
  private final CallLimits limits;
  private final InversionOptions options;
  private final Search.Rounds rounds;
  private final Duplicates duplicates = new Duplicates();
  private final List<Target> active = new ArrayList<>();

  InversionCall(
      IterativeInverter inverter,
      SearchContext context,
      CallLimits limits,
      InversionOptions options) {
    this.inverter = inverter;
    this.context = context;
    this.limits = limits;
    this.options = options;
    rounds = inverter.search().begin(context);
  }

  List<Outcome> invertAll(List<float[]> vectors) {
    long start = System.nanoTime();
    @Nullable Outcome[] outcomes = new Outcome[vectors.size()];
    int next = 0;
    try {
      do {
        List<Target> admitted = new ArrayList<>();
        while (active.size() + admitted.size() < inverter.maxConcurrentTargets()
            && next < outcomes.length) {
          Target target = admit(vectors.get(next), next, outcomes);
          if (target != null) {
            admitted.add(target);
          }
          next++;
        }
        active.addAll(admitted);
        round(admitted);
        active.removeIf(t -> finish(t, outcomes));
      } while (!active.isEmpty() || next < outcomes.length);
    } finally {
      inverter.counters().totalNanos.add(System.nanoTime() - start);
      if (limits.interrupted()) {
        Thread.currentThread().interrupt();
      }
    }
    return Arrays.stream(outcomes).map(Objects::requireNonNull).toList();
  }

  /** A target for a vector, or null if it needs none: it is bad, or was met before. */
  private @Nullable Target admit(float[] vector, int index, @Nullable Outcome[] outcomes) {
    try {
      Examined examined = inverter.examiner().examine(vector, options);
      int first = duplicates.first(index, vector);
      if (first == index) {
        return new Target(index, examined, inverter.normalized(), options);
      }
      if (outcomes[first] == null) {
        duplicates.await(first, index);
      } else {
        finish(outcomes, index, Duplicates.again(outcomes[first]));
      }
    } catch (IllegalArgumentException e) {
      finish(outcomes, index, Outcome.failed(e));
    }
    return null;
  }

  /** Runs one round; what it takes beyond the calls that were charged is shared by all. */
  private void round(List<Target> admitted) {
    if (active.isEmpty()) {
      return;
    }
    long start = System.nanoTime();
    long charged = limits.chargedNanos();
    if (!limits.cancelled()) {
      begin(admitted);
      rounds.round(active.stream().filter(Target::live).toList());
    }
    limits.charge(active, System.nanoTime() - start - (limits.chargedNanos() - charged));
    boolean cancelled = limits.cancelled();
    for (Target t : active) {
      t.endRound();
      t.settle(inverter.search().stopsWhenFound(), cancelled, limits.overdue(t));
      if (!t.live()) {
        UnknownTokens.note(t, context);
        FoundWords.note(t, context);
      }
    }
  }

  /** Ends targets that need no search, and prepares the search of the others. */
  private void begin(List<Target> admitted) {
    if (!options.searchAnyway()) {
      admitted.stream().filter(Target::foreign).forEach(Target::refuse);
    }
    if (inverter.search().stopsWhenFound()) {
      inverter.emptyText().settle(live(admitted), context, inverter.counters());
    }
    context.models().predictWords(live(admitted), PREDICTED_WORDS);
    Inverter initial = inverter.initial();
    if (initial != null) {
      context.models().start(live(admitted), initial);
    }
  }

  private static List<Target> live(List<Target> targets) {
    return targets.stream().filter(Target::live).toList();
  }

  /** Hands over the outcome of a target that is done. Returns whether it is. */
  private boolean finish(Target target, @Nullable Outcome[] outcomes) {
    if (target.live()) {
      return false;
    }
    Outcome outcome = target.outcome();
    finish(outcomes, target.index(), outcome);
    for (int same : duplicates.waiting(target.index())) {
      finish(outcomes, same, Duplicates.again(outcome));
    }
    return true;
  }

  private void finish(@Nullable Outcome[] outcomes, int index, Outcome outcome) {
    outcomes[index] = outcome;
    options.listener().finished(index, outcome);
  }
}
