/**
 * Reads vectors out of files and writes them, one vector at a time, whatever the size of the file.
 *
 * <p>{@link io.vec2text.cli.vectors.VectorFiles#open} picks the reader by the file's name: npy,
 * JSON lines or CSV. What a file claims about itself is checked before anything is allocated for
 * it, and whatever is wrong with a file is one {@link io.vec2text.cli.vectors.VectorFileException}
 * of one line. A flaw of a single row is that row's, see {@link
 * io.vec2text.cli.vectors.Row.Malformed}.
 *
 * <p>Nothing here knows of models or of the rest of the command line.
 */
@NullMarked
package io.vec2text.cli.vectors;

import org.jspecify.annotations.NullMarked;
