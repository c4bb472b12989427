package io.vec2text.search;

import io.vec2text.Embedder;
import io.vec2text.Vec2TextException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The vector of the empty text, embedded once, so that comparing it with each target is free. */
final class EmptyText {
  private final Embedder embedder;
  private boolean tried;
  private float @Nullable [] vector;

  EmptyText(Embedder embedder) {
    this.embedder = embedder;
  }

  /** The vector, or null where the embedder does not embed the empty text. */
  synchronized float @Nullable [] vector(Counters counters) {
    if (!tried) {
      tried = true;
      long start = System.nanoTime();
      counters.paid(Origin.FIRST_GUESS);
      try {
        float[][] vectors = embedder.embed(List.of(""));
        boolean good = vectors.length == 1 && vectors[0].length == embedder.space().dimension();
        vector = good ? vectors[0] : null;
      } catch (Vec2TextException e) {
        // An endpoint may refuse it; if nothing works, the search's own calls will say so.
        vector = null;
      }
      counters.embeddingNanos.add(System.nanoTime() - start);
    }
    return vector;
  }
}
