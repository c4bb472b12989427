package io.vec2text.audit;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * Groups of records whose vectors are the same but for rounding: their texts are the same to the
 * model. Who can read one of them can read all, and who deletes one has not deleted the text.
 *
 * @param groups groups of two records or more, in the whole store
 * @param records records in such groups
 * @param oneIn of large stores only one in so many vectors was counted, chosen by hash, and {@code
 *     groups} and {@code records} are estimates; else 1
 * @param largest the largest groups that were counted, largest first
 */
public record Duplicates(long groups, long records, long oneIn, List<Group> largest) {
  /** No group. */
  public static final Duplicates NONE = new Duplicates(0, 0, 1, List.of());

  /** Copies. */
  public Duplicates {
    largest = ImmutableList.copyOf(largest);
  }

  /**
   * Records with the same vector.
   *
   * @param size how many there are
   * @param examples some of them, in the order of their names
   */
  public record Group(long size, List<RecordId> examples) {
    /** Copies. */
    public Group {
      examples = ImmutableList.copyOf(examples);
    }
  }
}
