/**
 * JMH benchmarks, a profiler of native memory for them, and {@link
 * io.vec2text.bench.CompareResults}, which compares two runs.
 */
@NullMarked
package io.vec2text.bench;

import org.jspecify.annotations.NullMarked;
