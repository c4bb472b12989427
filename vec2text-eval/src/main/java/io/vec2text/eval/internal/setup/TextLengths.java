package io.vec2text.eval.internal.setup;

import io.vec2text.Embedder;
import io.vec2text.eval.internal.Words;
import java.util.List;

/** How long texts are. */
public final class TextLengths {
  private TextLengths() {}

  /** Tokens of each text, special ones not counted; words, if the embedder shows no tokens. */
  public static int[] of(List<String> texts, Embedder embedder) {
    return embedder
        .tokenization()
        .map(t -> t.encode(texts).stream().mapToInt(ids -> ids.length).toArray())
        .orElseGet(() -> texts.stream().mapToInt(t -> Words.split(t).size()).toArray());
  }
}
