/**
 * An embedder that asks an OpenAI-compatible endpoint.
 *
 * <p>{@link io.vec2text.openai.OpenAiEmbedder} is where to start. It batches, waits, tries again
 * and remembers on disk what it paid for; {@link io.vec2text.openai.Usage} says what was spent.
 *
 * <p><b>An inversion that compares its guesses through an endpoint sends them to whoever runs it,
 * and they converge on the text that the vector was made from.</b>
 */
@NullMarked
package io.vec2text.openai;

import org.jspecify.annotations.NullMarked;
