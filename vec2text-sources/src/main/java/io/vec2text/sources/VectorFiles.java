package io.vec2text.sources;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.OptionalDouble;

/** Opens files of vectors. */
public final class VectorFiles {

  /** The most components that a vector may have: what bounds the memory that a file can claim. */
  public static final int MAX_DIMENSION = 1 << 16;

  private VectorFiles() {}

  /**
   * Opens a file by the ending of its name.
   *
   * <ul>
   *   <li>{@code .npy}: a NumPy array of shape [n, dimension] or [dimension], float16, float32 or
   *       float64, little-endian, in C order; integers only with a scale
   *   <li>{@code .jsonl}, {@code .ndjson}: a line a vector, an array of numbers or an object that
   *       has one as its {@code vector} or {@code embedding}; blank lines do not count
   *   <li>{@code .csv}: a line a vector, numbers separated by commas; a first line of names is
   *       skipped, and so are blank ones
   * </ul>
   *
   * @param file the file; messages name it as it is given here
   * @param options how to read it
   * @throws VectorFileException if the file is no file of vectors
   */
  public static VectorReader open(Path file, ReadOptions options) throws IOException {
    OptionalDouble scale = options.scale();
    String name = file.toString();
    if (!Files.exists(file)) {
      throw new NoSuchFileException(name);
    }
    if (!Files.isRegularFile(file)) {
      throw new VectorFileException(name, "is not a regular file");
    }
    if (Files.size(file) == 0) {
      throw new VectorFileException(name, "is empty");
    }
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return switch (ending) {
      case "npy" -> NpyReader.open(file, scale);
      case "jsonl", "ndjson" -> TextReader.checked(name, JsonlReader.open(file, scale));
      case "csv" -> TextReader.checked(name, CsvVectorReader.open(file, scale));
      default ->
          throw new VectorFileException(
              name, "is of unknown kind, expected a name that ends in .npy, .jsonl or .csv");
    };
  }

  /**
   * Reads a stream, such as standard input. Its bytes are kept in a temporary file that only its
   * owner can read, and that is deleted with the reader.
   *
   * @param in the stream; it is closed with the reader
   * @param name the stream's name in messages
   * @param options how to read it
   * @throws VectorFileException if the stream holds no vectors
   */
  public static VectorReader open(InputStream in, String name, ReadOptions options)
      throws IOException {
    Path file = Files.createTempFile("vec2text", ".jsonl");
    file.toFile().deleteOnExit();
    Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
    in.close();
    return open(file, options);
  }
}
