/**
 * What the experiments of the command line share: options, the attackers without a model that they
 * are compared with, and results kept on disk.
 */
@NullMarked
package io.vec2text.eval.internal.setup;

import org.jspecify.annotations.NullMarked;
