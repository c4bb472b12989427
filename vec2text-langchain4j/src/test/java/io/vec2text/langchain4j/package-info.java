@NullMarked
package io.vec2text.langchain4j;

import org.jspecify.annotations.NullMarked;
