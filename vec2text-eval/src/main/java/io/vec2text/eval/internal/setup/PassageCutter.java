package io.vec2text.eval.internal.setup;

import static com.google.common.base.Preconditions.checkArgument;

import io.vec2text.Embedder;
import io.vec2text.Tokenization;
import io.vec2text.eval.EvaluationSet;
import io.vec2text.eval.internal.Words;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Cuts runs of whole words that have an exact number of tokens. */
public final class PassageCutter {
  private final Tokenization tokenization;

  /** A cutter for the tokens of a tokenization. */
  public PassageCutter(Tokenization tokenization) {
    this.tokenization = tokenization;
  }

  /** What tells the tokens. */
  public Tokenization tokenization() {
    return tokenization;
  }

  /**
   * A cutter for an embedder's tokens.
   *
   * @throws IllegalArgumentException if the embedder does not show them
   */
  public static PassageCutter of(Embedder embedder) {
    return new PassageCutter(
        embedder
            .tokenization()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "passages are cut by tokens, but the embedder of "
                            + embedder.space()
                            + " does not show its tokens")));
  }

  /** The first such run of each text that has one. */
  public EvaluationSet cut(EvaluationSet texts, int tokens) {
    String bucket = String.valueOf(tokens);
    List<EvaluationSet.Entry> entries = new ArrayList<>();
    for (String text : texts.texts()) {
      cut(text, tokens).ifPresent(run -> entries.add(new EvaluationSet.Entry(bucket, run)));
    }
    checkArgument(!entries.isEmpty(), "no text of %s has a run of %s tokens", texts.name(), tokens);
    return EvaluationSet.of(texts.name(), entries);
  }

  /** The first such run, or nothing if there is none. */
  public Optional<String> cut(String text, int tokens) {
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
