package io.vec2text.sources;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Reads files of some MB, or of as many as {@code vec2text.large} says; with a heap of 64 MB it
 * shows that memory does not grow with the file.
 */
final class LargeFileTest {
  private static final long BYTES = Long.getLong("vec2text.large", 3) << 20;
  private static final int DIMENSION = 384;

  @TempDir private Path folder;

  private enum Form {
    IDS_BEHIND,
    OBJECTS,
    KEYED,
    LINES,
    TABLE;

    String open() {
      return switch (this) {
        case IDS_BEHIND -> "{\"embeddings\":[";
        case OBJECTS -> "{\"data\":[";
        case KEYED -> "{";
        case LINES, TABLE -> "";
      };
    }

    String row(long i, String numbers) {
      String separator = i == 0 ? "" : ",";
      return switch (this) {
        case IDS_BEHIND -> separator + "[" + numbers + "]";
        case OBJECTS -> separator + "{\"id\":\"d" + i + "\",\"embedding\":[" + numbers + "]}";
        case KEYED -> separator + "\"d" + i + "\":{\"text\":\"x\",\"embedding\":[" + numbers + "]}";
        case LINES -> "{\"embedding\":[" + numbers + "],\"id\":\"d" + i + "\"}\n";
        case TABLE -> "d" + i + "," + numbers + "\n";
      };
    }

    void close(BufferedWriter out, long rows) throws IOException {
      if (this == IDS_BEHIND) {
        out.write("],\"ids\":[");
        for (long i = 0; i < rows; i++) {
          out.write((i == 0 ? "" : ",") + "\"d" + i + "\"");
        }
        out.write("]}");
      } else if (this == OBJECTS) {
        out.write("]}");
      } else if (this == KEYED) {
        out.write("}");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void readsEveryRowWithItsId(Form form) throws IOException {
    Random random = new Random(1);
    String[] numbers = new String[50];
    for (int k = 0; k < numbers.length; k++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < DIMENSION; i++) {
        text.append(i == 0 ? "" : ",").append(random.nextGaussian() / 20);
      }
      numbers[k] = text.toString();
    }
    Path file = folder.resolve("large");
    long rows = 0;
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write(form.open());
      for (long bytes = 0; bytes < BYTES; rows++) {
        String row = form.row(rows, numbers[(int) (rows % numbers.length)]);
        out.write(row);
        bytes += row.length();
      }
      form.close(out, rows);
    }
    long start = System.nanoTime();
    long read = 0;
    try (VectorReader reader =
        VectorFiles.open(file, ReadOptions.builder().dimension(DIMENSION).build())) {
      for (Row row = reader.next(); row != null; row = reader.next()) {
        if (!(row instanceof Row.Vector) || !row.place().id().orElse("").equals("d" + read)) {
          assertThat(row).as("row %s", read).isNull();
        }
        read++;
      }
    }
    assertThat(read).isEqualTo(rows);
    System.out.printf(
        "%s: %,d bytes, %,d rows, %.1f s, heap of %d MB%n",
        form,
        Files.size(file),
        rows,
        (System.nanoTime() - start) / 1e9,
        Runtime.getRuntime().maxMemory() >> 20);
  }
}
