/** JMH benchmarks. */
@NullMarked
package io.vec2text.bench;

import org.jspecify.annotations.NullMarked;
