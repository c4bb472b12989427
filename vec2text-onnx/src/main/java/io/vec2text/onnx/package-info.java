/**
 * Embedder, inverter and corrector on ONNX Runtime, and the model packages that hold their graphs.
 */
@NullMarked
package io.vec2text.onnx;

import org.jspecify.annotations.NullMarked;
