package io.vec2text.search;

import com.google.common.collect.ListMultimap;
import com.google.common.collect.MultimapBuilder;
import io.vec2text.Evidence;
import io.vec2text.Outcome;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The vectors of a batch that are equal, each of which is searched once. */
final class Duplicates {
  private static final Evidence EVIDENCE =
      new Evidence(
          Evidence.Kind.DUPLICATE,
          "the same vector comes earlier in the batch; it was searched once");

  private final Map<FloatBuffer, Integer> first = new HashMap<>();
  private final ListMultimap<Integer, Integer> waiting =
      MultimapBuilder.hashKeys().arrayListValues().build();

  /** The position of the first vector of the batch that is equal, which may be this one. */
  int first(int index, float[] vector) {
    Integer before = first.putIfAbsent(FloatBuffer.wrap(vector), index);
    return before == null ? index : before;
  }

  /** Lets a vector wait for the outcome of the first. */
  void await(int first, int index) {
    waiting.put(first, index);
  }

  /** The positions of those that wait for an outcome, which is there now. */
  List<Integer> waiting(int first) {
    return waiting.removeAll(first);
  }

  /** The outcome of a vector that was found already, and cost nothing. */
  static Outcome again(Outcome first) {
    return first.result().map(r -> Outcome.of(r.again(EVIDENCE))).orElse(first);
  }
}
