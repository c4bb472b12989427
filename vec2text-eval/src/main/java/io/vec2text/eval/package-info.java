/**
 * Measures how much of held-out texts an inverter recovers.
 *
 * <p>{@link io.vec2text.eval.Evaluator} hands the vectors of an {@link
 * io.vec2text.eval.EvaluationSet} to an inverter and scores what comes back into an {@link
 * io.vec2text.eval.Evaluation}, with the {@link io.vec2text.eval.Provenance} that lets it be made
 * again. {@link io.vec2text.eval.Storage} lowers the vectors to what a store keeps of them first.
 *
 * <p>The metrics stand on their own. Of one text: {@link io.vec2text.eval.Bleu}, {@link
 * io.vec2text.eval.Chrf}, {@link io.vec2text.eval.Rouge}, {@link io.vec2text.eval.Overlap}, and all
 * of them in {@link io.vec2text.eval.PairScores}. Of many: {@link io.vec2text.eval.CorpusMetric},
 * {@link io.vec2text.eval.Summary}, {@link io.vec2text.eval.Rate}, {@link
 * io.vec2text.eval.Interval}. Of two systems: {@link io.vec2text.eval.Difference}. Of stated
 * probabilities: {@link io.vec2text.eval.Calibration}, also by {@link io.vec2text.eval.WordKind}.
 * They equal sacrebleu, rouge-score and NLTK to 1e-6 on a table of pairs.
 *
 * <p>This package is the whole API. What the command line measures besides is in packages {@code
 * …internal}, which change without notice.
 */
@NullMarked
package io.vec2text.eval;

import org.jspecify.annotations.NullMarked;
