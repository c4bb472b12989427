package io.vec2text.sources.store;

import com.fasterxml.jackson.databind.JsonNode;
import io.vec2text.sources.Row;
import io.vec2text.sources.store.RestClient.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A collection of Weaviate, in the order of its ids. A page's token is the id before it. Objects
 * always bring their properties along, which are dropped.
 */
final class WeaviatePages implements Pages {
  /** Before all ids. */
  private static final String FIRST = "00000000-0000-0000-0000-000000000000";

  private final RestClient client;
  private final String query;
  private final int pageSize;
  private final JsonRows rows;

  /** The vectors' name; empty if objects have one vector without a name. */
  private final Optional<String> vector;

  private WeaviatePages(
      RestClient client, String query, StoreOptions options, Optional<String> vector) {
    this.client = client;
    this.query = query;
    this.vector = vector;
    pageSize = options.pageSize();
    rows = new JsonRows(options);
  }

  static WeaviatePages open(Location location, RestClient client, StoreOptions options)
      throws IOException {
    String name = location.requireCollection("collection");
    Answer answer = client.ask("GET", "/v1/schema/" + RestClient.escape(name), null);
    if (answer.status() == 404) {
      throw client.refused(answer, "there is no collection " + name);
    }
    if (!answer.isOk()) {
      throw client.refused(answer, "");
    }
    if (!answer.body().path("class").isTextual()) {
      throw client.unexpected("a collection");
    }
    Map<String, OptionalInt> fields = new LinkedHashMap<>();
    answer
        .body()
        .path("vectorConfig")
        .properties()
        .forEach(field -> fields.put(field.getKey(), OptionalInt.empty()));
    Optional<String> vector =
        fields.isEmpty()
            ? Optional.empty()
            : Optional.of(VectorFields.choose(location.name(), fields, options));
    String tenant = location.parameter("tenant", "");
    String query =
        "/v1/objects?class="
            + RestClient.escape(answer.body().path("class").textValue())
            + (tenant.isEmpty() ? "" : "&tenant=" + RestClient.escape(tenant))
            + "&include=vector&limit="
            + options.pageSize()
            + "&after=";
    return new WeaviatePages(client, query, options, vector);
  }

  @Override
  public Page read(Optional<String> token) throws IOException {
    JsonNode objects = client.get(query + RestClient.escape(token.orElse(FIRST))).path("objects");
    if (!objects.isArray()) {
      throw client.unexpected("objects");
    }
    List<Row> page = new ArrayList<>();
    Optional<String> last = Optional.empty();
    for (JsonNode object : objects) {
      String id = object.path("id").asText();
      JsonNode value =
          vector.isPresent() ? object.path("vectors").path(vector.get()) : object.path("vector");
      page.add(rows.row(id, value, object.path("properties")));
      last = Optional.of(id);
    }
    return new Page(page, page.size() < pageSize ? Optional.empty() : last);
  }

  @Override
  public String description() {
    return vector.map(name -> "vectors `" + name + "`").orElse("");
  }
}
