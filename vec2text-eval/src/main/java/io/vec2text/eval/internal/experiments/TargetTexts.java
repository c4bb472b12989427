package io.vec2text.eval.internal.experiments;

import com.google.common.collect.ImmutableList;
import io.vec2text.Embedder;
import io.vec2text.Vectors;
import io.vec2text.eval.EvaluationSet;

/** The texts of a set with their vectors, so that a text is known by its vector. */
final class TargetTexts {
  private final ImmutableList<String> texts;
  private final float[][] vectors;

  TargetTexts(EvaluationSet set, Embedder embedder) {
    texts = ImmutableList.copyOf(set.texts());
    vectors = embedder.embed(texts);
  }

  int size() {
    return texts.size();
  }

  String text(int i) {
    return texts.get(i);
  }

  /** The vector of a text; not to be changed. */
  float[] vector(int i) {
    return vectors[i];
  }

  /** The text whose vector has the highest cosine with a vector. */
  int nearest(float[] vector) {
    int best = 0;
    double highest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < vectors.length; i++) {
      double cosine = Vectors.cosine(vectors[i], vector);
      if (cosine > highest) {
        highest = cosine;
        best = i;
      }
    }
    return best;
  }
}
