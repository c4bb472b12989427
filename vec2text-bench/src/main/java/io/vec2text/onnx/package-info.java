/** Benchmarks of what is not public. */
@NullMarked
package io.vec2text.onnx;

import org.jspecify.annotations.NullMarked;
