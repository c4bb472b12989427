/** Metrics, baselines, experiments and tables. */
@NullMarked
package io.vec2text.eval;

import org.jspecify.annotations.NullMarked;
