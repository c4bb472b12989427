package io.vec2text.search;

import io.vec2text.Embedder;
import io.vec2text.Evidence;
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

  /** Ends targets that are the vector of the empty text. */
  void settle(List<Target> targets, SearchContext context, Counters counters) {
    float[] empty = targets.isEmpty() ? null : vector(counters);
    if (empty != null) {
      context.each(
          targets,
          t -> {
            if (t.isVectorOf(empty)) {
              t.add(context.select(t, Proposal.of(Origin.FIRST_GUESS, "")), empty);
              t.note(
                  new Evidence(Evidence.Kind.EMPTY_TEXT, "this is the vector of the empty text"));
              t.found();
            }
          });
    }
  }

  /** The vector, or null where the embedder does not embed the empty text. */
  private synchronized float @Nullable [] vector(Counters counters) {
    if (!tried) {
      tried = true;
      long start = System.nanoTime();
      counters.embedded(Origin.FIRST_GUESS);
      try {
        vector = only(embedder.embed(List.of("")));
      } catch (RuntimeException e) {
        // An embedder may refuse it; if nothing works, the search's own calls will say so.
        vector = null;
      }
      counters.embeddingNanos.add(System.nanoTime() - start);
    }
    return vector;
  }

  /** The one vector of an answer, or null if it is not what was asked for. */
  private float @Nullable [] only(float @Nullable [][] vectors) {
    if (vectors == null || vectors.length != 1 || vectors[0] == null) {
      return null;
    }
    return vectors[0].length == embedder.space().dimension() ? vectors[0] : null;
  }
}
