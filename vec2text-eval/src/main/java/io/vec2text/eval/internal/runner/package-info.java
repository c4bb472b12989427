/** What {@code vec2text eval} measures and shows. */
@NullMarked
package io.vec2text.eval.internal.runner;

import org.jspecify.annotations.NullMarked;
