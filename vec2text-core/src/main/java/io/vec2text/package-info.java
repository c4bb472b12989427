/**
 * Turns text embeddings back into text: the interfaces, the values, and the search that drives the
 * loop.
 */
@NullMarked
package io.vec2text;

import org.jspecify.annotations.NullMarked;
