package io.vec2text.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.EmbeddingMatch;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingSearchResult;
import dev.langchain4j.store.embedding.EmbeddingStore;
import io.vec2text.sources.Place;
import io.vec2text.sources.Row;
import io.vec2text.sources.VectorReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class Langchain4jStoreSourceTest {
  private final List<EmbeddingMatch<TextSegment>> matches = new ArrayList<>();
  private final Searched store = new Searched();

  /** A store that can be searched, and that nothing may be written to. */
  private final class Searched implements EmbeddingStore<TextSegment> {
    private int dimension = 2;

    @Override
    public String add(Embedding embedding) {
      throw new AssertionError("written to");
    }

    @Override
    public void add(String id, Embedding embedding) {
      throw new AssertionError("written to");
    }

    @Override
    public String add(Embedding embedding, TextSegment segment) {
      throw new AssertionError("written to");
    }

    @Override
    public List<String> addAll(List<Embedding> embeddings) {
      throw new AssertionError("written to");
    }

    @Override
    public EmbeddingSearchResult<TextSegment> search(EmbeddingSearchRequest request) {
      if (request.queryEmbedding().dimension() != dimension) {
        throw new IllegalStateException("different vector dimensions\n2 and 3");
      }
      assertThat(request.minScore()).isZero();
      return new EmbeddingSearchResult<>(
          matches.subList(0, Math.min(matches.size(), request.maxResults())));
    }
  }

  private void add(String id, Embedding vector, TextSegment segment) {
    matches.add(new EmbeddingMatch<>(0.5, id, vector, segment));
  }

  private Langchain4jStoreSource source(int maxRecords) {
    return new Langchain4jStoreSource("the store", store, 2, maxRecords);
  }

  private static List<Row> rows(VectorReader reader) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (Row row = reader.next(); row != null; row = reader.next()) {
      rows.add(row);
    }
    return rows;
  }

  @Test
  void readsIdsVectorsAndTheFieldsThatWereAskedForButNoTexts() throws IOException {
    add("a", Embedding.from(new float[] {1, 2}), null);
    add("b", Embedding.from(new float[] {3, 4}), segment());
    try (VectorReader reader = source(10).withMetadata(List.of("tenant", "year", "no")).open()) {
      assertThat(reader.rows()).hasValue(2);
      List<Row> rows = rows(reader);
      assertThat(rows).hasSize(2);
      Row.Vector first = (Row.Vector) rows.get(0);
      assertThat(first.values()).containsExactly(1, 2);
      assertThat(first.place()).isEqualTo(Place.UNKNOWN.withId("a"));
      assertThat(first.metadata()).isEmpty();
      Row.Vector second = (Row.Vector) rows.get(1);
      assertThat(second.metadata()).isEqualTo(Map.of("tenant", "acme", "year", "2024"));
    }
    try (VectorReader reader = source(10).open()) {
      assertThat(rows(reader))
          .allSatisfy(row -> assertThat(((Row.Vector) row).metadata()).isEmpty());
    }
  }

  private static TextSegment segment() {
    return TextSegment.from("a secret", Metadata.from(Map.of("tenant", "acme", "year", 2024)));
  }

  @Test
  void aMatchWithoutItsVectorIsMalformed() throws IOException {
    add("a", null, segment());
    try (VectorReader reader = source(10).open()) {
      assertThat(rows(reader))
          .containsExactly(
              new Row.Malformed(
                  "record a: the store gives no vector with its matches",
                  Place.UNKNOWN.withId("a")));
    }
  }

  @Test
  void aStoreThatMayHoldMoreIsRefused() {
    add("a", Embedding.from(new float[] {1, 2}), null);
    add("b", Embedding.from(new float[] {1, 2}), null);
    assertThatIOException()
        .isThrownBy(() -> source(2).open())
        .withMessageStartingWith(
            "the store holds 2 records or more, expected fewer than maxRecords = 2");
  }

  @Test
  void whatCannotBeReadIsOneLine() {
    assertThatIOException()
        .isThrownBy(() -> source(2).open())
        .withMessage("the store holds no vectors");
    assertThatIOException()
        .isThrownBy(() -> source(2).open(Optional.of("3")))
        .withMessageContaining("can't go on behind an earlier one");
    store.dimension = 3;
    assertThatIOException()
        .isThrownBy(() -> source(2).open())
        .withMessage(
            "the store can't be searched: java.lang.IllegalStateException: different vector"
                + " dimensions 2 and 3");
    assertThatIllegalArgumentException().isThrownBy(() -> source(0));
    assertThat(source(2).isOrdered()).isFalse();
    assertThat(source(2).name()).isEqualTo("the store");
  }
}
