/**
 * What authors of inversion models implement. {@link io.vec2text.spi.Corrector} turns a wrong text
 * and its vector into better texts; its optional abilities score single-token edits, predict words,
 * and hold the priors of a search. {@link io.vec2text.spi.ForwardingCorrector} and {@link
 * io.vec2text.spi.ForwardingEmbedder} are the bases of decorators.
 *
 * <p>Users of a ready-made model need none of it.
 */
@NullMarked
package io.vec2text.spi;

import org.jspecify.annotations.NullMarked;
