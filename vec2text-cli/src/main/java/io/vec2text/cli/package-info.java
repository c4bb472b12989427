/**
 * The command line. {@link io.vec2text.cli.Main} lists the subcommands; each is a small class that
 * reads its options and leaves the work to others: {@code InversionRun} inverts, {@code OutputFile}
 * keeps results so that a killed run can go on, {@code Engines} opens models.
 *
 * <p>Exit status: 0 done, 1 some items failed, 2 a usage error or something that cannot be read or
 * written at all. Whatever goes wrong is one line on standard error, which never holds recovered
 * text.
 */
@NullMarked
package io.vec2text.cli;

import org.jspecify.annotations.NullMarked;
