/**
 * Metrics, floors, experiments and tables.
 *
 * <p>{@link io.vec2text.eval.Evaluator} hands the vectors of an {@link
 * io.vec2text.eval.EvaluationSet} to an inverter and scores what comes back into an {@link
 * io.vec2text.eval.Evaluation}; {@link io.vec2text.eval.Reports} shows it as a table or as JSON.
 * What a figure is worth shows beside the floors, which are inverters too: {@link
 * io.vec2text.eval.RandomSentence} and {@link io.vec2text.eval.NearestNeighbour}. {@link
 * io.vec2text.eval.EvalRunner} does all of this for the command line.
 *
 * <p>What defences of stored vectors are worth is measured in {@link io.vec2text.eval.defence}.
 *
 * <p>The metrics stand on their own: {@link io.vec2text.eval.Bleu}, {@link
 * io.vec2text.eval.Overlap}, {@link io.vec2text.eval.Interval}.
 */
@NullMarked
package io.vec2text.eval;

import org.jspecify.annotations.NullMarked;
