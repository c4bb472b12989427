package io.vec2text.audit;

import org.jspecify.annotations.Nullable;

/** Looks at all records of a store, in the one pass that draws the sample. */
@FunctionalInterface
interface RecordObserver {

  /**
   * The next record.
   *
   * @param vector its vector; null if it has none that can be read
   */
  void see(RecordId record, float @Nullable [] vector);
}
