package io.vec2text.eval.internal.setup;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.vec2text.Embedder;
import io.vec2text.InversionOptions;
import io.vec2text.Vectors;
import io.vec2text.Verdict;
import io.vec2text.eval.EvaluationSet;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * The lower floor: answers every vector with a random other text of a set. What it scores is what
 * any two texts of the set have in common.
 *
 * <p>The draw depends on the vector and the seed alone. It embeds what it draws, to tell its cosine
 * and to draw again if it is the target itself.
 */
public final class RandomSentence extends OneByOneInverter {
  private final ImmutableList<String> texts;
  private final Embedder embedder;

  /**
   * A floor over the texts of a set.
   *
   * @param set at least two different texts
   * @param embedder embeds what is drawn; not closed with this inverter
   */
  public RandomSentence(EvaluationSet set, Embedder embedder) {
    super(embedder.space());
    texts = ImmutableSet.copyOf(set.texts()).asList();
    this.embedder = embedder;
    checkArgument(texts.size() > 1, "the set must hold at least 2 texts, holds %s", texts.size());
  }

  @Override
  protected Found find(float[] target, InversionOptions options) {
    Random random = new Random(options.seed() * 31 + Arrays.hashCode(target));
    for (int embeddings = 1; ; embeddings++) {
      String text = texts.get(random.nextInt(texts.size()));
      double cosine = Vectors.cosine(embedder.embed(List.of(text))[0], target);
      boolean spent = embeddings == options.maxEmbeddings();
      if (Verdict.of(cosine) != Verdict.EXACT || spent || options.cancellation().requested()) {
        return new Found(text, cosine, embeddings, 0);
      }
    }
  }
}
