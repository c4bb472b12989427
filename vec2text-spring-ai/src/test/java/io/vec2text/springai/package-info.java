@NullMarked
package io.vec2text.springai;

import org.jspecify.annotations.NullMarked;
