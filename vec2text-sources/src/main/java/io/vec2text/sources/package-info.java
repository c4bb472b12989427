/**
 * Reads vectors out of the files that people have, and writes them, one vector at a time, whatever
 * the size of the file.
 *
 * <p>What a file claims about itself is checked before anything is allocated for it, and whatever
 * is wrong with a file is one {@link io.vec2text.sources.VectorFileException} of one line. A flaw
 * of a single row is that row's, see {@link io.vec2text.sources.Row.Malformed}.
 *
 * <p>Nothing here knows of models or of the command line.
 */
@NullMarked
package io.vec2text.sources;

import org.jspecify.annotations.NullMarked;
