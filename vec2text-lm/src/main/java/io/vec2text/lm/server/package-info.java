/**
 * Language models behind a server: what its interface shows of the distribution of the next token,
 * and ways to the whole of it.
 *
 * <p>{@link io.vec2text.lm.server.ModelServer} asks, {@link io.vec2text.lm.server.ServerProbe} says
 * what a caller can recover.
 */
@NullMarked
package io.vec2text.lm.server;

import org.jspecify.annotations.NullMarked;
