/**
 * Experiments that compare several systems: the {@link
 * io.vec2text.eval.internal.experiments.SystemsTable}, and {@link
 * io.vec2text.eval.internal.experiments.Sweep}s over one setting after another.
 *
 * <p>Every system is an {@link io.vec2text.Inverter}, so that all are measured alike.
 */
@NullMarked
package io.vec2text.eval.internal.experiments;

import org.jspecify.annotations.NullMarked;
