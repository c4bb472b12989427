package io.vec2text.sources.store;

import com.fasterxml.jackson.databind.JsonNode;
import io.vec2text.sources.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A namespace of a serverless index of Pinecone: its ids are listed, and the vectors fetched by
 * them. A page's token is Pinecone's own.
 */
final class PineconePages implements Pages {
  /** What the list gives at most. */
  private static final int MAX_PAGE = 100;

  /** The longest query with ids. */
  private static final int MAX_QUERY = 4000;

  private final RestClient client;
  private final String namespace;
  private final int pageSize;
  private final JsonRows rows;

  private PineconePages(RestClient client, String namespace, StoreOptions options) {
    this.client = client;
    this.namespace = namespace;
    pageSize = Math.min(MAX_PAGE, options.pageSize());
    rows = new JsonRows(options);
  }

  static PineconePages open(Location location, RestClient client, StoreOptions options)
      throws IOException {
    JsonNode stats = client.post("/describe_index_stats", RestClient.JSON.createObjectNode());
    if (!stats.path("namespaces").isObject()) {
      throw client.unexpected("namespaces");
    }
    String namespace = location.collection();
    if (!namespace.isEmpty() && !stats.path("namespaces").has(namespace)) {
      List<String> names = new ArrayList<>();
      stats.path("namespaces").fieldNames().forEachRemaining(names::add);
      throw new StoreException(
          location.name(),
          "has no namespace "
              + namespace
              + (names.isEmpty() ? "" : ", it has " + String.join(", ", names)));
    }
    return new PineconePages(client, namespace, options);
  }

  @Override
  public Page read(Optional<String> token) throws IOException {
    JsonNode answer =
        client.get(
            "/vectors/list?limit="
                + pageSize
                + "&namespace="
                + RestClient.escape(namespace)
                + token.map(t -> "&paginationToken=" + RestClient.escape(t)).orElse(""));
    if (!answer.path("vectors").isArray()) {
      throw client.unexpected("vectors");
    }
    List<String> ids = new ArrayList<>();
    answer.path("vectors").forEach(vector -> ids.add(vector.path("id").asText()));
    List<Row> page = new ArrayList<>();
    for (int from = 0; from < ids.size(); ) {
      from = fetch(ids, from, page);
    }
    String next = answer.path("pagination").path("next").asText("");
    return new Page(page, next.isEmpty() ? Optional.empty() : Optional.of(next));
  }

  /** Fetches as many vectors as a query holds, and returns the index of the next. */
  private int fetch(List<String> ids, int from, List<Row> page) throws IOException {
    StringBuilder query = new StringBuilder("/vectors/fetch?namespace=");
    query.append(RestClient.escape(namespace));
    int to = from;
    while (to < ids.size() && (to == from || query.length() < MAX_QUERY)) {
      query.append("&ids=").append(RestClient.escape(ids.get(to++)));
    }
    JsonNode vectors = client.get(query.toString()).path("vectors");
    if (!vectors.isObject()) {
      throw client.unexpected("vectors");
    }
    for (String id : ids.subList(from, to)) {
      JsonNode vector = vectors.path(id);
      page.add(rows.row(id, vector.path("values"), vector.path("metadata")));
    }
    return to;
  }

  @Override
  public OptionalLong count() {
    try {
      JsonNode count =
          client
              .post("/describe_index_stats", RestClient.JSON.createObjectNode())
              .path("namespaces")
              .path(namespace)
              .path("vectorCount");
      return count.isIntegralNumber() ? OptionalLong.of(count.longValue()) : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
