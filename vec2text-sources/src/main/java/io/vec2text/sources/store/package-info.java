/**
 * Reads vectors out of the stores that people keep them in: databases by JDBC, vector stores and
 * search engines by their REST interfaces. Nothing is ever written to one.
 *
 * <p>{@link io.vec2text.sources.store.Stores} opens a location. A further kind of store is a {@link
 * io.vec2text.sources.store.StoreProvider}.
 */
@NullMarked
package io.vec2text.sources.store;

import org.jspecify.annotations.NullMarked;
