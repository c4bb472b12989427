package io.vec2text.search;

import io.vec2text.InversionResult;
import java.time.Duration;

/** What one target's search has spent, and may still spend. */
final class Budget {
  /**
   * Embeddings for a text that seems longer than the models can write. Unless they come close, and
   * the text only seemed so, it can't be found, and the best is a text on the same subject.
   */
  private static final int LONG_TEXT_EMBEDDINGS = 200;

  private final int maxEmbeddings;
  private int embeddings;
  private int decodes;
  private long workNanos;

  Budget(int maxEmbeddings) {
    this.maxEmbeddings = maxEmbeddings;
  }

  /** The texts that were embedded. */
  int embeddings() {
    return embeddings;
  }

  /**
   * The texts that may still be embedded.
   *
   * @param tooLong whether the text is probably too long to be found
   */
  int remaining(boolean tooLong) {
    int allowed = tooLong ? Math.min(maxEmbeddings, LONG_TEXT_EMBEDDINGS) : maxEmbeddings;
    return Math.max(0, allowed - embeddings);
  }

  void embedded(int texts) {
    embeddings += texts;
  }

  void decoded(int texts) {
    decodes += texts;
  }

  void charge(long nanos) {
    workNanos += nanos;
  }

  long workNanos() {
    return workNanos;
  }

  InversionResult.Cost cost() {
    return new InversionResult.Cost(embeddings, decodes, Duration.ofNanos(workNanos));
  }
}
