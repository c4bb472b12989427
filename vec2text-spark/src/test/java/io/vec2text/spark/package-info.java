@NullMarked
package io.vec2text.spark;

import org.jspecify.annotations.NullMarked;
