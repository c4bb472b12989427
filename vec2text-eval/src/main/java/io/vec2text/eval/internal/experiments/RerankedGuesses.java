package io.vec2text.eval.internal.experiments;

import static com.google.common.base.Preconditions.checkArgument;

import io.vec2text.Embedder;
import io.vec2text.InversionOptions;
import io.vec2text.Vectors;
import io.vec2text.eval.internal.setup.OneByOneInverter;
import io.vec2text.spi.Corrector;
import io.vec2text.spi.Decoding;
import java.util.List;

/**
 * First guesses by a beam search, of which the one is returned whose vector comes closest ("base +
 * beam search" of Morris et al. 2023, table 1).
 */
final class RerankedGuesses extends OneByOneInverter {
  private final Corrector corrector;
  private final Embedder embedder;
  private final int candidates;

  /**
   * A system; corrector and embedder are not closed with it.
   *
   * @param candidates guesses to choose among, at least 1
   */
  RerankedGuesses(Corrector corrector, Embedder embedder, int candidates) {
    super(embedder.space());
    checkArgument(candidates > 0, "candidates must be at least 1, were %s", candidates);
    this.corrector = corrector;
    this.embedder = embedder;
    this.candidates = candidates;
  }

  @Override
  protected Found find(float[] target, InversionOptions options) {
    List<String> texts =
        corrector
            .correct(
                List.of(Corrector.Request.first(target, options.seed())),
                new Decoding.Beam(candidates),
                options.cancellation())
            .get(0)
            .stream()
            .map(Corrector.Candidate::text)
            .distinct()
            .toList();
    if (texts.isEmpty()) {
      return new Found("", 0, 0, 0);
    }
    float[][] vectors = embedder.embed(texts);
    int best = 0;
    double highest = -1;
    for (int i = 0; i < vectors.length; i++) {
      double cosine = Vectors.cosine(vectors[i], target);
      if (cosine > highest) {
        highest = cosine;
        best = i;
      }
    }
    return new Found(texts.get(best), highest, texts.size(), texts.size());
  }
}
