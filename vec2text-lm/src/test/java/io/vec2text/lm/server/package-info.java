@NullMarked
package io.vec2text.lm.server;

import org.jspecify.annotations.NullMarked;
