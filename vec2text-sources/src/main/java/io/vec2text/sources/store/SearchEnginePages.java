package io.vec2text.sources.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vec2text.sources.Row;
import io.vec2text.sources.internal.Names;
import io.vec2text.sources.store.RestClient.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An index of Elasticsearch or OpenSearch, of which a point in time is held while it is read. A
 * page's token is the sort key of the last hit before it, as JSON.
 *
 * <p>Hits are sorted by the field of the ids if one is named, which must be unique; such pages come
 * in the same order every time. Else they come shard by shard as they lie there, {@code
 * _shard_doc}; OpenSearch before 3.3 does not know that, and sorts by {@code _id}.
 */
final class SearchEnginePages implements Pages {
  private static final Set<String> VECTOR_TYPES =
      Set.of("dense_vector", "knn_vector", "rank_vectors");
  private static final Set<String> NUMBER_TYPES =
      Set.of("float", "double", "half_float", "scaled_float");

  /** How long an inverter may take for a page. */
  private static final String KEEP_ALIVE = "2h";

  private final RestClient client;
  private final boolean openSearch;
  private final StoreOptions options;
  private final JsonRows rows;
  private final String field;
  private String pit;
  private String sort;

  /** Whether vectors are to be asked for, as Elasticsearch leaves them out since 9.2. */
  private boolean askForVectors;

  private OptionalLong total = OptionalLong.empty();

  private SearchEnginePages(
      RestClient client, boolean openSearch, StoreOptions options, String field, String pit) {
    this.client = client;
    this.openSearch = openSearch;
    this.options = options;
    this.field = field;
    this.pit = pit;
    askForVectors = !openSearch;
    sort = options.reading().idField().orElse("_shard_doc");
    rows = new JsonRows(options);
  }

  static Pages elasticsearch(Location location, RestClient client, StoreOptions options)
      throws IOException {
    return open(location, client, options, false);
  }

  static Pages openSearch(Location location, RestClient client, StoreOptions options)
      throws IOException {
    return open(location, client, options, true);
  }

  private static Pages open(
      Location location, RestClient client, StoreOptions options, boolean openSearch)
      throws IOException {
    String name = location.requireCollection("index");
    String index = "/" + RestClient.escape(name);
    Answer answer = client.ask("GET", index + "/_mapping", null);
    if (answer.status() == 404) {
      throw client.refused(answer, "there is no index " + name);
    }
    if (!answer.isOk()) {
      throw client.refused(answer, "");
    }
    Map<String, OptionalInt> vectors = new LinkedHashMap<>();
    Map<String, OptionalInt> numbers = new LinkedHashMap<>();
    boolean mapped = false;
    for (JsonNode each : answer.body()) {
      mapped |= each.has("mappings");
      collect(each.path("mappings").path("properties"), "", vectors, numbers);
    }
    if (!mapped) {
      throw client.unexpected("mappings");
    }
    Optional<String> wanted = options.reading().vectorField();
    String field =
        wanted.filter(numbers::containsKey).isPresent()
            ? wanted.get()
            : VectorFields.choose(location.name(), vectors.isEmpty() ? numbers : vectors, options);
    String path =
        index + (openSearch ? "/_search/point_in_time" : "/_pit") + "?keep_alive=" + KEEP_ALIVE;
    JsonNode opened = client.post(path, null);
    String pit = opened.path(openSearch ? "pit_id" : "id").asText("");
    if (pit.isEmpty()) {
      throw client.unexpected("a point in time");
    }
    return new SearchEnginePages(client, openSearch, options, field, pit);
  }

  /**
   * Fields that may hold vectors, also within objects. Arrays of numbers have the number's type.
   */
  private static void collect(
      JsonNode properties,
      String prefix,
      Map<String, OptionalInt> vectors,
      Map<String, OptionalInt> numbers) {
    properties
        .properties()
        .forEach(
            entry -> {
              String name = prefix + entry.getKey();
              JsonNode property = entry.getValue();
              String type = property.path("type").asText("object");
              if (VECTOR_TYPES.contains(type)) {
                int size = property.path("dims").asInt(property.path("dimension").asInt());
                vectors.put(name, size == 0 ? OptionalInt.empty() : OptionalInt.of(size));
              } else if (NUMBER_TYPES.contains(type) && Names.isVector(entry.getKey())) {
                numbers.put(name, OptionalInt.empty());
              }
              collect(property.path("properties"), name + ".", vectors, numbers);
            });
  }

  @Override
  public Page read(Optional<String> token) throws IOException {
    while (true) {
      Answer answer = client.ask("POST", "/_search", request(token));
      if (answer.isOk()) {
        return page(answer.body());
      }
      String complaint = answer.body().toString();
      if (answer.status() == 400 && askForVectors && complaint.contains("exclude_vectors")) {
        askForVectors = false;
      } else if (answer.status() == 400
          && token.isEmpty()
          && sort.equals("_shard_doc")
          && complaint.contains("_shard_doc")) {
        sort = "_id";
      } else if (answer.status() == 404) {
        throw client.refused(
            answer,
            "what was held of the index is gone: "
                + KEEP_ALIVE
                + " went by between two pages, or the server was restarted; name a unique field"
                + " (--id FIELD), by which a later run can go on");
      } else {
        throw client.refused(answer, "sorted by " + sort);
      }
    }
  }

  private ObjectNode request(Optional<String> token) throws IOException {
    ObjectNode body = RestClient.JSON.createObjectNode().put("size", options.pageSize());
    body.putObject("pit").put("id", pit).put("keep_alive", KEEP_ALIVE);
    body.putArray("sort").addObject().put(sort, "asc");
    body.put("track_total_hits", token.isEmpty());
    ObjectNode source = body.putObject("_source");
    ArrayNode includes = source.putArray("includes").add(field);
    rows.metadata().forEach(includes::add);
    if (askForVectors) {
      source.put("exclude_vectors", false);
    }
    if (token.isPresent()) {
      body.set("search_after", client.token(token.get()));
    }
    return body;
  }

  private Page page(JsonNode answer) throws StoreException {
    JsonNode hits = answer.path("hits").path("hits");
    if (!hits.isArray()) {
      throw client.unexpected("hits");
    }
    JsonNode counted = answer.path("hits").path("total").path("value");
    if (counted.isIntegralNumber() && total.isEmpty()) {
      total = OptionalLong.of(counted.longValue());
    }
    pit = answer.path("pit_id").asText(pit);
    List<Row> page = new ArrayList<>();
    @Nullable JsonNode last = null;
    for (JsonNode hit : hits) {
      String id =
          options.reading().idField().isPresent()
              ? hit.path("sort").path(0).asText()
              : hit.path("_id").asText();
      JsonNode source = hit.path("_source");
      page.add(rows.row(id, JsonRows.at(source, field), source));
      last = hit.path("sort");
    }
    return new Page(
        page,
        last == null || page.size() < options.pageSize()
            ? Optional.empty()
            : Optional.of(last.toString()));
  }

  @Override
  public OptionalLong count() {
    return total;
  }

  @Override
  public boolean countIsExact() {
    return true;
  }

  @Override
  public String description() {
    return "vectors from field `" + field + "`";
  }

  @Override
  public void close() throws IOException {
    ObjectNode body = RestClient.JSON.createObjectNode();
    if (openSearch) {
      body.putArray("pit_id").add(pit);
    } else {
      body.put("id", pit);
    }
    client.askOnce("DELETE", openSearch ? "/_search/point_in_time" : "/_pit", body);
  }
}
