package io.vec2text.sources.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vec2text.sources.ReadOptions;
import io.vec2text.sources.Row;
import io.vec2text.sources.VectorReader;
import io.vec2text.sources.VectorSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every source of vectors does. A test of one says how to fill it. */
abstract class VectorSourceContract {
  static final int DIMENSION = 8;
  static final int PAGE_SIZE = 5;

  /** What is in a store: a vector is null where a record has none. */
  @SuppressWarnings("ArrayRecordComponent") // only made and read
  record Item(String id, float[] vector) {}

  /** A source of a new collection with these records. */
  abstract VectorSource filled(List<Item> items, StoreOptions options) throws Exception;

  /** A source of a collection that does not exist, and what its message has to name. */
  abstract VectorSource missing(StoreOptions options) throws Exception;

  /** The id of a record, as this kind of store can have it. */
  String id(int i) {
    return "doc-" + (1000 + i);
  }

  /** Whether there can be records without vectors. */
  boolean keepsMissing() {
    return true;
  }

  /** Whether vectors of one collection can have several dimensions. */
  boolean keepsMixed() {
    return true;
  }

  /** Further options that this kind of store needs. */
  StoreOptions.Builder options() {
    return StoreOptions.builder()
        .reading(ReadOptions.builder().dimension(DIMENSION).build())
        .pageSize(PAGE_SIZE)
        .timeout(Duration.ofSeconds(20))
        .backoff(Duration.ofMillis(1), Duration.ofMillis(20));
  }

  final List<Item> items(int n) {
    Random random = new Random(20261129);
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      float[] vector = new float[DIMENSION];
      for (int j = 0; j < DIMENSION; j++) {
        vector[j] = (float) random.nextGaussian();
      }
      items.add(new Item(id(i), vector));
    }
    return items;
  }

  static List<Row> read(VectorSource source) throws IOException {
    try (VectorReader reader = source.open()) {
      return rest(reader);
    }
  }

  static List<Row> rest(VectorReader reader) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (Row row = reader.next(); row != null; row = reader.next()) {
      rows.add(row);
    }
    return rows;
  }

  static List<String> ids(List<Row> rows) {
    return rows.stream().map(row -> row.place().id().orElseThrow()).toList();
  }

  /** A message is one line that names the source. */
  static void saysOneLine(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String... saying) {
    assertThatThrownBy(call)
        .isInstanceOf(StoreException.class)
        .satisfies(
            e -> {
              assertThat(e.getMessage()).hasLineCount(1).contains(saying).contains(": ");
              assertThat(e.getMessage()).doesNotContain("Exception", "s3cret");
            });
  }

  @Test
  void readsEveryRecordOnce() throws Exception {
    for (int n : new int[] {1, PAGE_SIZE - 1, PAGE_SIZE, PAGE_SIZE + 1, 4 * PAGE_SIZE, 23}) {
      List<Item> items = items(n);
      List<Row> rows = new ArrayList<>(read(filled(items, options().build())));
      rows.sort(Comparator.comparing(row -> row.place().id().orElseThrow()));
      assertThat(ids(rows)).isEqualTo(items.stream().map(Item::id).sorted().toList());
      List<Item> sorted = items.stream().sorted(Comparator.comparing(Item::id)).toList();
      for (int i = 0; i < n; i++) {
        assertThat(((Row.Vector) rows.get(i)).values()).isEqualTo(sorted.get(i).vector());
      }
    }
  }

  @Test
  void goesOnAtEveryCursor() throws Exception {
    VectorSource source = filled(items(13), options().build());
    List<String> all = ids(read(source));
    for (int k = 1; k <= 13; k++) {
      Optional<String> cursor;
      try (VectorReader reader = source.open()) {
        assertThat(reader.cursor()).isEmpty();
        for (int i = 0; i < k; i++) {
          reader.next();
        }
        cursor = reader.cursor();
      }
      if (!source.isOrdered()) {
        return; // of no use to a later reader
      }
      assertThat(cursor).isPresent();
      try (VectorReader reader = source.open(cursor)) {
        assertThat(ids(rest(reader))).as("behind %d", k).isEqualTo(all.subList(k, 13));
      }
    }
  }

  @Test
  void refusesWhatIsNoCursor() throws Exception {
    VectorSource source = filled(items(3), options().build());
    for (String cursor : List.of("", "x", "-1:", "99999999999999999999", "x:y")) {
      saysOneLine(() -> source.open(Optional.of(cursor)), source.name());
    }
  }

  @Test
  void skipsAsItReads() throws Exception {
    VectorSource source = filled(items(13), options().build());
    List<String> all = ids(read(source));
    try (VectorReader reader = source.open()) {
      assertThat(reader.skip(7)).isEqualTo(7);
      List<String> rest = ids(rest(reader));
      assertThat(rest).hasSize(6).doesNotHaveDuplicates();
      if (source.isOrdered()) {
        assertThat(rest).isEqualTo(all.subList(7, 13));
      }
    }
    try (VectorReader reader = source.open()) {
      assertThat(reader.skip(100)).isEqualTo(13);
    }
  }

  @Test
  void staysAtTheEndAndClosesTwice() throws Exception {
    VectorReader reader = filled(items(2), options().build()).open();
    assertThat(rest(reader)).hasSize(2);
    assertThat(reader.next()).isNull();
    assertThat(reader.next()).isNull();
    reader.close();
    reader.close();
  }

  @Test
  void countsOrDoesNotKnow() throws Exception {
    try (VectorReader reader = filled(items(13), options().build()).open()) {
      OptionalLong rows = reader.rows();
      assertThat(rows.orElse(13)).isEqualTo(13);
      assertThat(rest(reader)).hasSize(13);
    }
  }

  @Test
  void twoReadersDoNotDisturbEachOther() throws Exception {
    VectorSource source = filled(items(13), options().build());
    try (VectorReader one = source.open();
        VectorReader two = source.open()) {
      Set<String> first = new HashSet<>();
      Set<String> second = new HashSet<>();
      for (int i = 0; i < 13; i++) {
        first.add(one.next().place().id().orElseThrow());
        second.add(two.next().place().id().orElseThrow());
      }
      assertThat(first).hasSize(13).isEqualTo(second);
    }
  }

  @Test
  void aRecordWithoutAVectorIsAnErrorOfItsOwn() throws Exception {
    if (!keepsMissing()) {
      return;
    }
    List<Item> items = items(7);
    items.set(3, new Item(id(3), null));
    List<Row> rows = read(filled(items, options().build()));
    assertThat(rows).hasSize(7);
    assertThat(rows.stream().filter(Row.Malformed.class::isInstance))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.place().id()).contains(id(3));
              assertThat(((Row.Malformed) row).problem()).contains(id(3), "has no vector");
            });
  }

  @Test
  void vectorsOfOtherDimensionsComeAsTheyAre() throws Exception {
    if (!keepsMixed()) {
      return;
    }
    List<Item> items = items(7);
    items.set(2, new Item(id(2), new float[] {1, 2, 3}));
    List<Row> rows = read(filled(items, options().build()));
    assertThat(rows).hasSize(7);
    assertThat(rows.stream().filter(row -> row.place().id().orElseThrow().equals(id(2))))
        .singleElement()
        .satisfies(row -> assertThat(((Row.Vector) row).values()).containsExactly(1, 2, 3));
  }

  @Test
  void scalesComponents() throws Exception {
    List<Item> items = items(1);
    StoreOptions options =
        options().reading(ReadOptions.builder().dimension(DIMENSION).scale(2).build()).build();
    float[] values = ((Row.Vector) read(filled(items, options)).get(0)).values();
    assertThat(values[0]).isEqualTo(2 * items.get(0).vector()[0]);
  }

  @Test
  void anEmptyCollectionIsOneLine() throws Exception {
    VectorSource source = filled(List.of(), options().build());
    saysOneLine(() -> read(source), source.name(), "empty");
  }

  @Test
  void aCollectionThatIsNotThereIsOneLine() throws Exception {
    VectorSource source = missing(options().build());
    saysOneLine(() -> read(source), source.name(), "nowhere");
  }
}
