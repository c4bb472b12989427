/** Of use to this module's packages only; no API. */
@NullMarked
package io.vec2text.eval.internal;

import org.jspecify.annotations.NullMarked;
