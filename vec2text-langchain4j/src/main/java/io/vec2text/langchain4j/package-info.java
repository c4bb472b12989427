/**
 * langchain4j's embedding models as embedders, and its stores as sources of vectors as far as a
 * search shows them.
 *
 * <p>{@link io.vec2text.langchain4j.Langchain4jEmbedder} compares guesses by an {@code
 * EmbeddingModel}; {@link io.vec2text.langchain4j.Langchain4jStoreSource} reads an {@code
 * EmbeddingStore}.
 */
@NullMarked
package io.vec2text.langchain4j;

import org.jspecify.annotations.NullMarked;
