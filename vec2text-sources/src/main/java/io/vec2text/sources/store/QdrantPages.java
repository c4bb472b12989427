package io.vec2text.sources.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vec2text.sources.Row;
import io.vec2text.sources.store.RestClient.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A collection of Qdrant, scrolled in the order of its ids. A page's token is the id that it begins
 * with, as JSON: a number or a UUID in quotes.
 */
final class QdrantPages implements Pages {
  private final RestClient client;
  private final String path;
  private final int pageSize;
  private final JsonRows rows;

  /** The vectors' name; empty if points have one vector without a name. */
  private final Optional<String> vector;

  private QdrantPages(
      RestClient client, String path, StoreOptions options, Optional<String> vector) {
    this.client = client;
    this.path = path;
    this.vector = vector;
    pageSize = options.pageSize();
    rows = new JsonRows(options);
  }

  static QdrantPages open(Location location, RestClient client, StoreOptions options)
      throws IOException {
    String name = location.requireCollection("collection");
    String path = "/collections/" + RestClient.escape(name);
    Answer answer = client.ask("GET", path, null);
    if (answer.status() == 404) {
      throw client.refused(answer, "there is no collection " + name);
    }
    if (!answer.isOk()) {
      throw client.refused(answer, "");
    }
    JsonNode vectors = answer.body().path("result").path("config").path("params").path("vectors");
    if (!answer.body().path("result").isObject()) {
      throw client.unexpected("the settings of a collection");
    }
    if (vectors.path("size").isNumber()) {
      return new QdrantPages(client, path, options, Optional.empty());
    }
    Map<String, OptionalInt> fields = new LinkedHashMap<>();
    vectors
        .properties()
        .forEach(
            field ->
                fields.put(field.getKey(), OptionalInt.of(field.getValue().path("size").asInt())));
    String chosen = VectorFields.choose(location.name(), fields, options);
    return new QdrantPages(client, path, options, Optional.of(chosen));
  }

  @Override
  public Page read(Optional<String> token) throws IOException {
    ObjectNode body = RestClient.JSON.createObjectNode().put("limit", pageSize);
    if (token.isPresent()) {
      body.set("offset", client.token(token.get()));
    }
    if (vector.isPresent()) {
      body.putArray("with_vector").add(vector.get());
    } else {
      body.put("with_vector", true);
    }
    if (rows.metadata().isEmpty()) {
      body.put("with_payload", false);
    } else {
      rows.metadata().forEach(body.putArray("with_payload")::add);
    }
    JsonNode result = client.post(path + "/points/scroll", body).path("result");
    if (!result.path("points").isArray()) {
      throw client.unexpected("points");
    }
    List<Row> page = new ArrayList<>();
    for (JsonNode point : result.path("points")) {
      JsonNode value = point.path("vector");
      page.add(
          rows.row(
              point.path("id").asText(),
              vector.isPresent() ? value.path(vector.get()) : value,
              point.path("payload")));
    }
    JsonNode next = result.path("next_page_offset");
    return new Page(
        page,
        next.isMissingNode() || next.isNull() ? Optional.empty() : Optional.of(next.toString()));
  }

  @Override
  public OptionalLong count() {
    try {
      JsonNode body = RestClient.JSON.createObjectNode().put("exact", false);
      JsonNode count = client.post(path + "/points/count", body).path("result").path("count");
      return count.isIntegralNumber() ? OptionalLong.of(count.longValue()) : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  @Override
  public String description() {
    return vector.map(name -> "vectors `" + name + "`").orElse("");
  }
}
