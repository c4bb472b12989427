package io.vec2text.sources.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vec2text.sources.ReadOptions;
import io.vec2text.sources.Row;
import io.vec2text.sources.VectorReader;
import io.vec2text.sources.VectorSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is read of Redis, a real one or not. */
abstract class RedisContract extends VectorSourceContract {
  private int collections;

  /** The beginning of locations, with the database. */
  abstract String server();

  /** Puts a hash. */
  abstract void put(String key, Map<String, byte[]> fields) throws Exception;

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] float32(float... vector) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * vector.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float x : vector) {
      buffer.putFloat(x);
    }
    return buffer.array();
  }

  /** A prefix that no key has yet. */
  final String prefix() {
    return getClass().getSimpleName() + Long.toString(System.nanoTime(), 36) + collections++ + ":*";
  }

  final VectorSource source(String prefix, StoreOptions options) throws Exception {
    return Stores.source(server() + "/" + prefix, options);
  }

  /** Removes all hashes. */
  abstract void clear() throws Exception;

  @Override
  VectorSource filled(List<Item> items, StoreOptions options) throws Exception {
    clear();
    put("other", Map.of("embedding", float32(1, 2, 3)));
    for (Item item : items) {
      Map<String, byte[]> fields = new LinkedHashMap<>(Map.of("body", bytes("some text")));
      if (item.vector() != null) {
        fields.put("embedding", float32(item.vector()));
      }
      put(item.id(), fields);
    }
    return source("doc-", options);
  }

  @Override
  VectorSource missing(StoreOptions options) throws Exception {
    return source("nowhere", options);
  }

  @Test
  void fieldsComeAlong() throws Exception {
    String prefix = prefix();
    put(
        prefix + 1,
        Map.of("v", float32(1, 2, 3, 4, 5, 6, 7, 8), "slug", bytes("a"), "tenant", bytes("acme")));
    StoreOptions options =
        options()
            .reading(ReadOptions.builder().dimension(DIMENSION).idField("slug").build())
            .metadata(List.of("tenant", "author"))
            .build();
    try (VectorReader reader = source(prefix, options).open()) {
      Row row = reader.next();
      assertThat(reader.description())
          .isEqualTo("vectors from field `v` of hashes, ids from `slug`");
      assertThat(row.place().id()).contains("a");
      assertThat(((Row.Vector) row).metadata()).containsExactly(Map.entry("tenant", "acme"));
    }
  }

  @Test
  void readsNumbersOfEveryWidthAndTexts() throws Exception {
    ByteBuffer doubles = ByteBuffer.allocate(8 * 8).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer halves = ByteBuffer.allocate(2 * 8).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 8; i++) {
      doubles.putDouble(i % 2);
      halves.putShort((short) (i % 2 == 0 ? 0 : 0x3c00));
    }
    String prefix = prefix();
    put(
        prefix,
        Map.of(
            "a",
            float32(0, 1, 0, 1, 0, 1, 0, 1),
            "b",
            doubles.array(),
            "c",
            halves.array(),
            "d",
            bytes("[0, 1, 0, 1, 0, 1, 0,  1]")));
    for (String field : List.of("a", "b", "c", "d")) {
      ReadOptions reading = ReadOptions.builder().dimension(DIMENSION).vectorField(field).build();
      Row row = read(source(prefix, options().reading(reading).build())).get(0);
      assertThat(((Row.Vector) row).values()).as(field).containsExactly(0, 1, 0, 1, 0, 1, 0, 1);
    }
    saysOneLine(() -> read(source(prefix, options().build())), "several fields", "--vector FIELD");
    ReadOptions none = ReadOptions.builder().dimension(DIMENSION).vectorField("x").build();
    saysOneLine(() -> read(source(prefix, options().reading(none).build())), "has no", "vectors");
  }

  @Test
  void hashesWithoutVectorsAreOneLine() throws Exception {
    String prefix = prefix();
    put(prefix, Map.of("title", bytes("a"), "body", bytes("some text")));
    saysOneLine(() -> read(source(prefix, options().build())), "has no field with vectors");
  }
}
