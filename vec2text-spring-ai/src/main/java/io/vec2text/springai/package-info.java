/**
 * Spring AI's embedding models as embedders: {@link io.vec2text.springai.SpringAiEmbedder}.
 *
 * <p>There is no source for Spring AI's {@code VectorStore}: its searches take a text and give
 * documents without their vectors. Read the database behind it, with {@code Stores} of {@code
 * vec2text-sources}: for a {@code PgVectorStore} the table {@code vector_store}, column {@code
 * embedding}.
 */
@NullMarked
package io.vec2text.springai;

import org.jspecify.annotations.NullMarked;
