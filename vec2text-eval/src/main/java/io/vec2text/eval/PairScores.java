package io.vec2text.eval;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What published metrics say of a recovered text, or their means over several.
 *
 * @param sentenceBleu {@link Bleu#sentence}, in [0, 100]
 * @param pairBleu {@link Bleu#ofOnePair}, in [0, 100]
 * @param sentenceChrf {@link Chrf#sentence}, in [0, 100]
 * @param rouge1 F1 of ROUGE-1 without stemming ({@link Rouge#n}), in [0, 1]
 * @param rouge2 F1 of ROUGE-2, in [0, 1]
 * @param rougeL F1 of ROUGE-L, in [0, 1]
 * @param wordSetF1 F1 of {@link Overlap#ofWordSets}, in [0, 1]
 * @param wordEdits words to insert, delete or substitute (Levenshtein 1966)
 */
public record PairScores(
    double sentenceBleu,
    double pairBleu,
    double sentenceChrf,
    double rouge1,
    double rouge2,
    double rougeL,
    double wordSetF1,
    double wordEdits) {

  /** The scores of one text. */
  public static PairScores of(String hypothesis, String reference) {
    return new PairScores(
        Bleu.sentence(hypothesis, reference),
        Bleu.ofOnePair(hypothesis, reference),
        Chrf.sentence(hypothesis, reference),
        Rouge.n(1, hypothesis, reference).f1(),
        Rouge.n(2, hypothesis, reference).f1(),
        Rouge.longest(hypothesis, reference).f1(),
        Overlap.ofWordSets(hypothesis, reference).f1(),
        EditDistance.ofWords(hypothesis, reference));
  }

  /** Their means; at least one. */
  static PairScores mean(List<PairScores> scores) {
    return new PairScores(
        mean(scores, PairScores::sentenceBleu),
        mean(scores, PairScores::pairBleu),
        mean(scores, PairScores::sentenceChrf),
        mean(scores, PairScores::rouge1),
        mean(scores, PairScores::rouge2),
        mean(scores, PairScores::rougeL),
        mean(scores, PairScores::wordSetF1),
        mean(scores, PairScores::wordEdits));
  }

  private static double mean(List<PairScores> scores, ToDoubleFunction<PairScores> score) {
    return scores.stream().mapToDouble(score).average().orElseThrow();
  }
}
