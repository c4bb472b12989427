/** Not part of the public interface: values as texts and bytes, for files and stores alike. */
@NullMarked
package io.vec2text.sources.internal;

import org.jspecify.annotations.NullMarked;
