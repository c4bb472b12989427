/**
 * Benchmarks of what is not public, and therefore in its package: this module is never published
 * nor on a module path, where two modules could not share a package.
 */
@NullMarked
package io.vec2text.onnx;

import org.jspecify.annotations.NullMarked;
