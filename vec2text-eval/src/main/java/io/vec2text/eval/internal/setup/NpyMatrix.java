package io.vec2text.eval.internal.setup;

import io.vec2text.internal.OwnerOnly;
import io.vec2text.sources.ReadOptions;
import io.vec2text.sources.Row;
import io.vec2text.sources.VectorFiles;
import io.vec2text.sources.VectorReader;
import io.vec2text.sources.VectorWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Float32 matrices in NumPy's file format. */
final class NpyMatrix {
  private NpyMatrix() {}

  /** Writes a matrix to a .npy file, so that it is there whole or not at all. */
  static void write(Path file, float[] matrix, int columns) throws IOException {
    Path part = OwnerOnly.temporary(file);
    try {
      try (FileChannel channel = OwnerOnly.create(part);
          VectorWriter writer = VectorWriter.open(file, channel, columns)) {
        for (int i = 0; i < matrix.length; i += columns) {
          writer.write(Arrays.copyOfRange(matrix, i, i + columns));
        }
        writer.finish();
      }
      OwnerOnly.rename(part, file);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IOException if the file can't be read or does not hold such a matrix
   */
  static float[] read(Path file, int rows, int columns) throws IOException {
    float[] matrix = new float[rows * columns];
    int row = 0;
    try (VectorReader reader = VectorFiles.open(file, ReadOptions.defaults())) {
      for (Row next = reader.next(); next != null; next = reader.next()) {
        if (row == rows
            || !(next instanceof Row.Vector vector)
            || vector.values().length != columns) {
          throw another(file, rows, columns);
        }
        System.arraycopy(vector.values(), 0, matrix, row * columns, columns);
        row++;
      }
    }
    if (row < rows) {
      throw another(file, rows, columns);
    }
    return matrix;
  }

  private static IOException another(Path file, int rows, int columns) {
    return new IOException(
        file + " holds no matrix of " + rows + " x " + columns + " numbers; delete it");
  }
}
