/**
 * Text embeddings back to text.
 *
 * <p>{@link io.vec2text.Embedder} turns texts into vectors, {@link io.vec2text.Inverter} turns
 * vectors into texts, and {@link io.vec2text.spi.Corrector} turns a wrong text and its vector into
 * better texts. {@link io.vec2text.search.IterativeInverter} joins the three in the loop of
 * vec2text (Morris et al. 2023): guess a text, embed the guess, compare with the target vector,
 * correct the guess, repeat.
 *
 * <p>{@link io.vec2text.InversionOptions} says what an inversion may cost, {@link
 * io.vec2text.InversionResult} what it found, how far to trust it and what it did cost. Authors of
 * models implement what is in {@code io.vec2text.spi}.
 *
 * <p>Users of a ready-made model start at {@code Vec2Text.open} in {@code io.vec2text.onnx}.
 */
@NullMarked
package io.vec2text;

import org.jspecify.annotations.NullMarked;
