package io.vec2text.openai;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * The texts of one request.
 *
 * @param texts at least one
 * @param tokens what they are billed as, at most
 */
record Batch(List<String> texts, long tokens) {

  /** Fills batches one after the other; a text of more than {@code maxTokens} goes alone. */
  static List<Batch> fill(
      Iterable<String> texts, ToIntFunction<String> tokenCounter, int maxTexts, int maxTokens) {
    List<Batch> batches = new ArrayList<>();
    List<String> batch = new ArrayList<>();
    long tokens = 0;
    for (String text : texts) {
      int more = Math.max(1, tokenCounter.applyAsInt(text));
      if (batch.size() == maxTexts || (!batch.isEmpty() && tokens + more > maxTokens)) {
        batches.add(new Batch(batch, tokens));
        batch = new ArrayList<>();
        tokens = 0;
      }
      batch.add(text);
      tokens += more;
    }
    if (!batch.isEmpty()) {
      batches.add(new Batch(batch, tokens));
    }
    return batches;
  }
}
