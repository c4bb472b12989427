package io.vec2text.eval;

import io.vec2text.Tokenization;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Cuts runs of whole words that have an exact number of tokens. */
final class PassageCutter {
  private final Tokenization tokenization;

  PassageCutter(Tokenization tokenization) {
    this.tokenization = tokenization;
  }

  /** The first such run, or nothing if there is none. */
  Optional<String> cut(String text, int tokens) {
    List<String> words = Words.split(text);
    List<int[]> ids = tokenization.encode(words);
    Map<Integer, Integer> wordAt = new HashMap<>();
    int[] before = new int[words.size() + 1];
    for (int i = 0; i <= words.size(); i++) {
      before[i] = i == 0 ? 0 : before[i - 1] + ids.get(i - 1).length;
      wordAt.putIfAbsent(before[i], i);
    }
    for (int start = 0; start < words.size(); start++) {
      Integer end = wordAt.get(before[start] + tokens);
      if (end != null && end > start) {
        String run = String.join(" ", words.subList(start, end));
        // Tokens need not add up over words in every tokenization.
        if (tokenization.encode(List.of(run)).get(0).length == tokens) {
          return Optional.of(run);
        }
      }
    }
    return Optional.empty();
  }
}
