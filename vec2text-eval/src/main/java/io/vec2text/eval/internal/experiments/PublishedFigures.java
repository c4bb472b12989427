package io.vec2text.eval.internal.experiments;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * Rows of Morris et al. (2023), table 1, to put beside one's own: GTR-base, passages of Natural
 * Questions of 32 tokens. Quoted, not measured here, and of another embedder and other models.
 *
 * @param system its name there
 * @param bleu mean BLEU of single pairs
 * @param tokenF1 mean F1 over sets of words, in per cent
 * @param exact exact match, in per cent
 * @param cosine mean cosine
 */
record PublishedFigures(String system, double bleu, double tokenF1, double exact, double cosine) {

  static final ImmutableList<PublishedFigures> GTR =
      ImmutableList.of(
          of("bag of words", 0.3, 51, 0, 0.70),
          of("GPT-2 decoder, one prefix vector", 1.0, 47, 0, 0.76),
          of("base, 0 steps", 31.9, 67, 0, 0.91),
          of("1 step", 50.7, 80, 0, 0.96),
          of("20 steps", 83.9, 96, 40.2, 0.99),
          of("50 steps", 85.4, 97, 40.6, 0.99),
          of("50 steps + sequence beam of 8", 97.3, 99, 92.0, 0.99));

  /** What to know of them. */
  static final List<String> NOTES =
      List.of(
          "Quoted from Morris et al. 2023, table 1: GTR-base, T5-base models, 32 tokens of Natural"
              + " Questions. Another embedder, other texts, other models: not comparable figure by"
              + " figure.",
          "Its BLEU is the mean over single pairs, its F1 one over sets of words, its exact match"
              + " one of the very strings.",
          "Its ablation at 50 steps gives 52.0 % exact with feedback and 4.2 % without, of a model"
              + " trained without; 40.6 % in the table and 52.0 % are not explained there.");

  private static PublishedFigures of(
      String system, double bleu, double tokenF1, double exact, double cosine) {
    return new PublishedFigures(system, bleu, tokenF1, exact, cosine);
  }
}
