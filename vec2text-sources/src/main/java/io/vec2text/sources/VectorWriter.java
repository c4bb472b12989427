package io.vec2text.sources;

import static com.google.common.base.Preconditions.checkArgument;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Writes vectors one after the other. For one thread. */
public abstract class VectorWriter implements Closeable {
  private final int dimension;
  private long rows;

  VectorWriter(int dimension) {
    checkArgument(dimension > 0, "dimension must be at least 1, was %s", dimension);
    this.dimension = dimension;
  }

  /**
   * Checks, before any work is done, that vectors can be written under a name.
   *
   * @throws VectorFileException if its ending is none of {@code .npy}, {@code .jsonl}, {@code
   *     .ndjson} and {@code .csv}
   */
  public static void checkName(Path file) throws VectorFileException {
    ending(file);
  }

  /**
   * Opens a writer of the format that the ending of a name says.
   *
   * <ul>
   *   <li>{@code .npy}: a float32 array of shape [n, dimension]; it has no room for ids, they are
   *       left out
   *   <li>{@code .jsonl}, {@code .ndjson}: a line {@code {"id":"a","embedding":[0.5,…]}} a vector,
   *       without the id where there is none
   *   <li>{@code .csv}: a line of numbers a vector; if the first one has an id, a header and a
   *       first column {@code id}
   * </ul>
   *
   * <p>All keep float32 exactly.
   *
   * @param file the name that the file has or is to have
   * @param channel the empty file; it is closed with the writer
   * @param dimension components of each vector
   * @throws VectorFileException if its ending is another
   */
  public static VectorWriter open(Path file, FileChannel channel, int dimension)
      throws IOException {
    return switch (ending(file)) {
      case "npy" -> new NpyWriter(channel, dimension);
      case "csv" -> new CsvVectorWriter(channel, dimension);
      default -> new JsonlWriter(channel, dimension);
    };
  }

  private static String ending(Path file) throws VectorFileException {
    String name = file.toString();
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return switch (ending) {
      case "npy", "csv", "jsonl", "ndjson" -> ending;
      default ->
          throw new VectorFileException(
              name, "can't be written, expected a name that ends in .npy, .jsonl or .csv");
    };
  }

  /** Appends a vector that has no id. */
  public final void write(float[] vector) throws IOException {
    write(vector, Optional.empty());
  }

  /**
   * Appends a vector.
   *
   * @throws IllegalArgumentException if it has another dimension
   */
  public final void write(float[] vector, Optional<String> id) throws IOException {
    checkArgument(
        vector.length == dimension,
        "vector has dimension %s, expected %s",
        vector.length,
        dimension);
    append(vector, id);
    rows++;
  }

  abstract void append(float[] vector, Optional<String> id) throws IOException;

  /** Components of each vector. */
  final int dimension() {
    return dimension;
  }

  /** The vectors written so far. */
  public final long rows() {
    return rows;
  }

  /** Completes the file and brings it to the disk. */
  public abstract void finish() throws IOException;
}
