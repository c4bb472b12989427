/** Not part of the public interface. */
@NullMarked
package io.vec2text.internal;

import org.jspecify.annotations.NullMarked;
