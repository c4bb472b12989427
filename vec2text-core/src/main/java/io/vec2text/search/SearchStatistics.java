package io.vec2text.search;

import com.google.common.collect.ImmutableList;
import java.time.Duration;
import java.util.List;

/**
 * What an inverter's searches spent since it was built, and which sources of candidates embedded
 * off.
 *
 * @param sources one line per source of candidates
 * @param embedderCalls texts embedded
 * @param decodes texts that the corrector wrote
 * @param embedding time spent in the embedder
 * @param decoding time spent in the corrector, its editor and its bag of words, and in the initial
 *     inverter
 * @param total time spent in all
 */
public record SearchStatistics(
    List<Source> sources,
    long embedderCalls,
    long decodes,
    Duration embedding,
    Duration decoding,
    Duration total) {

  /** Copies the list. */
  public SearchStatistics {
    sources = ImmutableList.copyOf(sources);
  }

  /**
   * A source of candidates.
   *
   * @param name what it does, for example {@code substitution}
   * @param embedded candidates that were embedded
   * @param improved rounds in which one of its candidates became the best
   */
  public record Source(String name, long embedded, long improved) {}
}
