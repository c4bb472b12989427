/**
 * Metrics, floors, experiments and tables.
 *
 * <p>{@link io.vec2text.eval.Evaluator} hands the vectors of an {@link
 * io.vec2text.eval.EvaluationSet} to an inverter and scores what comes back into an {@link
 * io.vec2text.eval.Evaluation}. What a figure is worth shows beside the floors, which are inverters
 * too: {@link io.vec2text.eval.RandomSentence} and {@link io.vec2text.eval.NearestNeighbour}.
 * {@link io.vec2text.eval.EvalRunner} does all of this for the command line.
 *
 * <p>Several systems are measured side by side, and one over a range of settings, in {@link
 * io.vec2text.eval.experiments}; {@link io.vec2text.eval.report} writes what is found.
 *
 * <p>What defences of stored vectors are worth is measured in {@link io.vec2text.eval.defence}.
 *
 * <p>The metrics stand on their own. Of one text: {@link io.vec2text.eval.Bleu}, {@link
 * io.vec2text.eval.Chrf}, {@link io.vec2text.eval.Rouge}, {@link io.vec2text.eval.Overlap}, {@link
 * io.vec2text.eval.EditDistance}, and all of them in {@link io.vec2text.eval.PairScores}. Of many:
 * {@link io.vec2text.eval.CorpusMetric}, {@link io.vec2text.eval.Summary}, {@link
 * io.vec2text.eval.Rate}, {@link io.vec2text.eval.Interval}. Of two systems: {@link
 * io.vec2text.eval.Difference}, {@link io.vec2text.eval.Comparison}. They equal sacrebleu,
 * rouge-score and NLTK to 1e-6 on a table of pairs.
 */
@NullMarked
package io.vec2text.eval;

import org.jspecify.annotations.NullMarked;
