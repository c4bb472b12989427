/**
 * The loop that inverts a vector: guess, embed, compare, correct, repeat.
 *
 * <p>{@link io.vec2text.search.IterativeInverter} joins an {@link io.vec2text.Embedder}, a {@link
 * io.vec2text.spi.Corrector} and a {@link io.vec2text.search.Search}. A search decides which
 * hypotheses are worth a correction and which candidates are worth an embedding, since embeddings
 * are what an inversion pays with: {@link io.vec2text.search.Search#greedy greedy} and {@link
 * io.vec2text.search.Search#sequenceBeam sequence beam} search are those of the paper, {@link
 * io.vec2text.search.Search#pool pool} search is this library's own and the default.
 *
 * <p>{@link io.vec2text.search.SearchStatistics} says which sources of candidates paid off.
 */
@NullMarked
package io.vec2text.search;

import org.jspecify.annotations.NullMarked;
