package io.vec2text.langchain4j;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.EmbeddingMatch;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingSearchResult;
import dev.langchain4j.store.embedding.EmbeddingStore;
import io.vec2text.sources.Place;
import io.vec2text.sources.Row;
import io.vec2text.sources.VectorReader;
import io.vec2text.sources.VectorSource;
import io.vec2text.sources.internal.OneLine;
import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The vectors of a langchain4j {@link EmbeddingStore}, as far as a search shows them.
 *
 * <p>langchain4j's stores can be searched, not listed. So this is one search that every record
 * matches, and what comes back is all there is in one answer:
 *
 * <ul>
 *   <li>All of it is in memory at once.
 *   <li>It has no order and no cursor: reading can't go on where an earlier reader was.
 *   <li>A store of more records than are asked for gives those nearest to the query, which are no
 *       random sample, so that an audit's intervals would be wrong. It is refused.
 *   <li>A store whose index is approximate may leave records out, and none says so.
 *   <li>Some stores give ids and texts, but not the vectors: each such record is {@linkplain
 *       Row.Malformed malformed}.
 * </ul>
 *
 * <p>Where the database behind the store can be reached, {@link io.vec2text.sources.store.Stores}
 * reads it page by page, with none of these limits. The store's texts, if it has them, are not
 * looked at.
 */
public final class Langchain4jStoreSource implements VectorSource {
  private final String name;
  private final EmbeddingStore<?> store;
  private final int dimension;
  private final int maxRecords;
  private final ImmutableList<String> metadata;

  /**
   * A store of at most so many records.
   *
   * @param name what to call it in messages
   * @param dimension components of its vectors, for the query
   * @param maxRecords more than it holds; how many a search may ask for, the database says: 10,000
   *     for Elasticsearch and OpenSearch
   * @throws IllegalArgumentException if {@code dimension} or {@code maxRecords} is below 1
   */
  public Langchain4jStoreSource(
      String name, EmbeddingStore<?> store, int dimension, int maxRecords) {
    this(name, store, dimension, maxRecords, List.of());
  }

  private Langchain4jStoreSource(
      String name, EmbeddingStore<?> store, int dimension, int maxRecords, List<String> metadata) {
    checkArgument(dimension > 0, "dimension must be at least 1, was %s", dimension);
    checkArgument(maxRecords > 0, "maxRecords must be at least 1, was %s", maxRecords);
    this.name = requireNonNull(name, "name");
    this.store = requireNonNull(store, "store");
    this.dimension = dimension;
    this.maxRecords = maxRecords;
    this.metadata = ImmutableList.copyOf(metadata);
  }

  /** The same source, whose rows have these fields of their text segments' metadata. */
  public Langchain4jStoreSource withMetadata(List<String> fields) {
    return new Langchain4jStoreSource(name, store, dimension, maxRecords, fields);
  }

  @Override
  public String name() {
    return name;
  }

  /** Never: matches come in the order of their scores, which may be equal. */
  @Override
  public boolean isOrdered() {
    return false;
  }

  @Override
  public VectorReader open(Optional<String> cursor) throws IOException {
    if (cursor.isPresent()) {
      throw new IOException(
          name + ": a search can't go on behind an earlier one, expected to read from the start");
    }
    List<? extends EmbeddingMatch<?>> matches = search();
    if (matches.isEmpty()) {
      throw new IOException(name + " holds no vectors");
    }
    if (matches.size() >= maxRecords) {
      throw new IOException(
          name
              + " holds "
              + matches.size()
              + " records or more, expected fewer than maxRecords = "
              + maxRecords
              + ": the nearest of a larger store are no random sample");
    }
    return new Reader(matches);
  }

  private List<? extends EmbeddingMatch<?>> search() throws IOException {
    float[] anything = new float[dimension];
    anything[0] = 1;
    EmbeddingSearchRequest everything =
        EmbeddingSearchRequest.builder()
            .queryEmbedding(Embedding.from(anything))
            .minScore(0.0)
            .maxResults(maxRecords)
            .build();
    try {
      EmbeddingSearchResult<?> result = store.search(everything);
      return result.matches();
    } catch (RuntimeException e) {
      throw new IOException(OneLine.of(name + " can't be searched: " + e), e);
    }
  }

  private final class Reader implements VectorReader {
    private final int size;
    private final Iterator<? extends EmbeddingMatch<?>> matches;

    Reader(List<? extends EmbeddingMatch<?>> found) {
      size = found.size();
      matches = found.iterator();
    }

    @Override
    public OptionalLong rows() {
      return OptionalLong.of(size);
    }

    @Override
    public @Nullable Row next() {
      if (!matches.hasNext()) {
        return null;
      }
      EmbeddingMatch<?> match = matches.next();
      String id = match.embeddingId();
      Place place = id == null ? Place.UNKNOWN : Place.UNKNOWN.withId(id);
      Embedding embedding = match.embedding();
      return embedding == null
          ? new Row.Malformed(
              "record " + id + ": the store gives no vector with its matches", place)
          : new Row.Vector(embedding.vector(), place, fields(match.embedded()));
    }

    private Map<String, String> fields(@Nullable Object embedded) {
      Map<String, String> fields = new HashMap<>();
      if (embedded instanceof TextSegment segment) {
        Map<String, Object> all = segment.metadata().toMap();
        for (String field : metadata) {
          Object value = all.get(field);
          if (value != null) {
            fields.put(field, value.toString());
          }
        }
      }
      return fields;
    }

    @Override
    public String description() {
      return "all records that one search finds";
    }

    @Override
    public void close() {}
  }
}
