package io.vec2text.sources.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vec2text.sources.Row;
import io.vec2text.sources.store.RestClient.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A collection of Chroma, by version 2 of its REST interface. A page's token is the number of
 * records before it; the order is that in which they were added.
 */
final class ChromaPages implements Pages {
  /** The name under which a record's text comes along as metadata. */
  private static final String DOCUMENT = "document";

  private final RestClient client;
  private final String path;
  private final int pageSize;
  private final JsonRows rows;

  private ChromaPages(RestClient client, String path, StoreOptions options) {
    this.client = client;
    this.path = path;
    pageSize = options.pageSize();
    rows = new JsonRows(options);
  }

  static ChromaPages open(Location location, RestClient client, StoreOptions options)
      throws IOException {
    String name = location.requireCollection("collection");
    String tenant = location.parameter("tenant", "default_tenant");
    String database = location.parameter("database", "default_database");
    String collections =
        "/api/v2/tenants/%s/databases/%s/collections/"
            .formatted(RestClient.escape(tenant), RestClient.escape(database));
    Answer answer = client.ask("GET", collections + RestClient.escape(name), null);
    if (answer.status() == 404) {
      throw client.refused(
          answer,
          "there is no collection %s in database %s of tenant %s"
              .formatted(name, database, tenant));
    }
    if (!answer.isOk()) {
      throw client.refused(answer, "");
    }
    String id = answer.body().path("id").asText("");
    if (id.isEmpty()) {
      throw client.unexpected("the id of a collection");
    }
    return new ChromaPages(client, collections + RestClient.escape(id), options);
  }

  @Override
  public Page read(Optional<String> token) throws IOException {
    long offset = token.isEmpty() ? 0 : client.token(token.get()).asLong();
    ObjectNode body =
        RestClient.JSON.createObjectNode().put("limit", pageSize).put("offset", offset);
    ArrayNode include = body.putArray("include").add("embeddings");
    if (rows.metadata().contains(DOCUMENT)) {
      include.add("documents");
    }
    if (rows.metadata().stream().anyMatch(name -> !name.equals(DOCUMENT))) {
      include.add("metadatas");
    }
    JsonNode answer = client.post(path + "/get", body);
    JsonNode ids = answer.path("ids");
    if (!ids.isArray()) {
      throw client.unexpected("ids");
    }
    List<Row> page = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      JsonNode fields = answer.path("metadatas").path(i);
      ObjectNode all = RestClient.JSON.createObjectNode();
      if (fields.isObject()) {
        all.setAll((ObjectNode) fields);
      }
      if (answer.path("documents").path(i).isTextual()) {
        all.set(DOCUMENT, answer.path("documents").path(i));
      }
      page.add(rows.row(ids.get(i).asText(), answer.path("embeddings").path(i), all));
    }
    // A server may give less than was asked for; only an empty page is the end.
    return new Page(
        page, page.isEmpty() ? Optional.empty() : Optional.of(Long.toString(offset + page.size())));
  }

  @Override
  public OptionalLong count() {
    try {
      JsonNode count = client.get(path + "/count");
      return count.isIntegralNumber() ? OptionalLong.of(count.longValue()) : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
