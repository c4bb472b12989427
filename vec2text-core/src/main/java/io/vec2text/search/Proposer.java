package io.vec2text.search;

import com.google.common.collect.ListMultimap;
import com.google.common.collect.MultimapBuilder;
import java.util.List;

/** A source of candidates. Holds no state: rounds and texts keep what it must remember. */
interface Proposer {

  /** Its share of a round's quota, in proportion to the other proposers' shares. */
  double share();

  /**
   * Proposes candidates for targets that are all live, from the hypotheses that they expand.
   *
   * @return candidates of each target, most promising first; they may have been embedded before
   */
  ListMultimap<Target, Proposal> propose(List<Target> targets, PoolRounds rounds);

  /** To collect proposals in. */
  static ListMultimap<Target, Proposal> proposals() {
    return MultimapBuilder.linkedHashKeys().arrayListValues().build();
  }
}
