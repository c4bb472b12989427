package io.vec2text.cli;

import com.google.common.primitives.Floats;
import io.vec2text.Evidence;
import io.vec2text.InversionResult;
import io.vec2text.Outcome;
import io.vec2text.StopReason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Results of the vectors met last, so that one that comes again is not searched again. */
final class RecentResults {
  /** Some 10 MB at most. */
  private static final int MAX = 2048;

  private static final Evidence DUPLICATE =
      new Evidence(
          Evidence.Kind.DUPLICATE,
          "the same vector comes earlier in the input; it was searched once");

  private final Map<List<Float>, InversionResult> results =
      new LinkedHashMap<>(MAX, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<Float>, InversionResult> eldest) {
          return size() > MAX;
        }
      };

  /** The outcome of a vector that was there before, which cost nothing this time. */
  Optional<Outcome> of(float[] vector) {
    return Optional.ofNullable(results.get(Floats.asList(vector)))
        .map(r -> Outcome.of(r.again(DUPLICATE)));
  }

  /** Remembers an outcome, if it is final. */
  void add(float[] vector, Outcome outcome) {
    outcome
        .result()
        .filter(result -> result.stop() != StopReason.CANCELLED)
        .ifPresent(result -> results.put(Floats.asList(vector), result));
  }
}
