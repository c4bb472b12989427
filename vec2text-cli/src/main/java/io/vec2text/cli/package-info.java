/** The command line. */
@NullMarked
package io.vec2text.cli;

import org.jspecify.annotations.NullMarked;
