/**
 * Defences of stored vectors, what they cost a search, and what attackers still read.
 *
 * <p>{@link io.vec2text.eval.internal.defence.DefenceLab} measures a list of {@link
 * io.vec2text.eval.internal.defence.Defence}s on a retrieval collection into a {@link
 * io.vec2text.eval.internal.defence.DefenceEvaluation}; {@link
 * io.vec2text.eval.internal.defence.DefenceReports} shows it as a table or as JSON.
 */
@NullMarked
package io.vec2text.eval.internal.defence;

import org.jspecify.annotations.NullMarked;
