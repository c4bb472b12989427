package io.vec2text.audit;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * Which of some known texts are in the store, told by their vectors. It holds no text.
 *
 * @param texts texts that were given
 * @param found those that are there, in their order
 */
public record Membership(int texts, List<Member> found) {
  /** Copies. */
  public Membership {
    found = ImmutableList.copyOf(found);
  }

  /**
   * A text that is in the store.
   *
   * @param number which of the texts it is, from 1
   * @param record the record whose vector is closest to its own
   * @param cosine of both vectors
   */
  public record Member(int number, RecordId record, double cosine) {}
}
