package io.vec2text.sources;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever is written is read back, to the last bit. */
class WriterPropertiesTest {
  private static final int MAX_ROWS = 5;

  /** Vectors of one dimension, with names for them. */
  private record Written(int dimension, List<float[]> vectors, List<String> ids) {}

  @Provide
  Arbitrary<Written> files() {
    Arbitrary<Float> components =
        Arbitraries.frequencyOf(
            Tuple.of(4, Arbitraries.floats().between(-1, 1)),
            Tuple.of(1, Arbitraries.integers().map(Float::intBitsToFloat).filter(Float::isFinite)),
            Tuple.of(1, Arbitraries.of(0f, -0f, Float.MIN_VALUE, Float.MAX_VALUE, 1f)));
    return Arbitraries.integers()
        .between(2, 40)
        .flatMap(
            dimension ->
                components
                    .array(float[].class)
                    .ofSize(dimension)
                    .list()
                    .ofMinSize(1)
                    .ofMaxSize(MAX_ROWS)
                    .flatMap(
                        vectors ->
                            Arbitraries.strings()
                                .ofMaxLength(12)
                                .list()
                                .ofSize(vectors.size())
                                .map(ids -> new Written(dimension, vectors, ids))));
  }

  @Property(seed = "1")
  void vectorsOfNpy(@ForAll("files") Written written) throws IOException {
    assertReadBack("v.npy", written, false);
  }

  @Property(seed = "1")
  void vectorsOfJsonl(@ForAll("files") Written written) throws IOException {
    assertReadBack("v.jsonl", written, false);
  }

  @Property(seed = "1")
  void vectorsOfCsv(@ForAll("files") Written written) throws IOException {
    assertReadBack("v.csv", written, false);
  }

  @Property(seed = "1")
  void vectorsAndIdsOfJsonl(@ForAll("files") Written written) throws IOException {
    assertReadBack("v.jsonl", written, true);
  }

  /** Control characters make a file binary, and blanks around an id are no part of it. */
  @Property(seed = "1")
  void vectorsAndIdsOfCsv(@ForAll("files") Written written) throws IOException {
    List<String> ids =
        written.ids.stream()
            .map(id -> id.replaceAll("[\\p{Cntrl}&&[^\\t\\n]]", "").strip())
            .toList();
    assertReadBack("v.csv", new Written(written.dimension, written.vectors, ids), true);
  }

  private static void assertReadBack(String name, Written written, boolean ids) throws IOException {
    Path folder = Files.createTempDirectory("written");
    Path file = folder.resolve(name);
    try {
      try (VectorWriter writer =
          VectorWriter.open(
              file,
              FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              written.dimension)) {
        for (int i = 0; i < written.vectors.size(); i++) {
          writer.write(
              written.vectors.get(i), ids ? Optional.of(written.ids.get(i)) : Optional.empty());
        }
        writer.finish();
      }
      List<float[]> read = new ArrayList<>();
      List<String> names = new ArrayList<>();
      try (VectorReader reader =
          VectorFiles.open(file, ReadOptions.builder().dimension(written.dimension).build())) {
        for (Row row = reader.next(); row != null; row = reader.next()) {
          read.add(((Row.Vector) row).values());
          names.add(row.place().id().orElse(""));
        }
      }
      assertThat(read.toArray(new float[0][]))
          .isDeepEqualTo(written.vectors.toArray(new float[0][]));
      if (ids) {
        assertThat(names).isEqualTo(written.ids);
      }
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }
}
