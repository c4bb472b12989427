@NullMarked
package io.vec2text.openai;

import org.jspecify.annotations.NullMarked;
