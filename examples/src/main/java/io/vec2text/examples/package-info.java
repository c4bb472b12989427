/** Small programs to copy from. */
@NullMarked
package io.vec2text.examples;

import org.jspecify.annotations.NullMarked;
