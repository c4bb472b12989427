/**
 * Inverts any embedder's vectors with models that were trained for another one's. Of some thousand
 * texts embedded by both, {@link io.vec2text.bridge.BridgeFit} learns a map from the one space into
 * the other, what tokens add to a vector of the new space, and how its vectors are distributed; a
 * {@link io.vec2text.bridge.SpaceBridge} then shows the models what they know, while the new
 * embedder itself remains what guesses are compared by.
 */
@NullMarked
package io.vec2text.bridge;

import org.jspecify.annotations.NullMarked;
