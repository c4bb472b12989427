package io.vec2text.sources.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.primitives.UnsignedBytes;
import io.vec2text.sources.Row;
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
 * A collection of Milvus, by version 2 of its REST interface, in the order of its primary key. A
 * page's token is the key before it, as JSON.
 */
final class MilvusPages implements Pages {
  private static final Set<String> VECTOR_TYPES =
      Set.of("FloatVector", "Float16Vector", "BFloat16Vector", "Int8Vector");

  /** Keys of numbers are above it. */
  private static final String LEAST = "-9223372036854775808";

  private final RestClient client;
  private final Location location;
  private final StoreOptions options;
  private final JsonRows rows;
  private final String vector;
  private final String key;
  private final boolean textKey;
  private @Nullable OptionalLong count;

  private MilvusPages(
      RestClient client,
      Location location,
      StoreOptions options,
      String vector,
      String key,
      boolean textKey) {
    this.client = client;
    this.location = location;
    this.options = options;
    this.vector = vector;
    this.key = key;
    this.textKey = textKey;
    rows = new JsonRows(options);
  }

  static MilvusPages open(Location location, RestClient client, StoreOptions options)
      throws IOException {
    String name = location.requireCollection("collection");
    JsonNode description =
        ask(client, location, "/v2/vectordb/collections/describe", question(location, name));
    Map<String, OptionalInt> vectors = new LinkedHashMap<>();
    String key = "";
    boolean textKey = false;
    for (JsonNode field : description.path("fields")) {
      String fieldName = field.path("name").asText();
      String type = field.path("type").asText();
      if (VECTOR_TYPES.contains(type)) {
        vectors.put(fieldName, dimension(field));
      }
      if (field.path("primaryKey").asBoolean()) {
        key = fieldName;
        textKey = type.equals("VarChar");
      }
    }
    if (key.isEmpty()) {
      throw client.unexpected("a primary key");
    }
    return new MilvusPages(
        client,
        location,
        options,
        VectorFields.choose(location.name(), vectors, options),
        key,
        textKey);
  }

  private static OptionalInt dimension(JsonNode field) {
    for (JsonNode parameter : field.path("params")) {
      if (parameter.path("key").asText().equals("dim")) {
        return OptionalInt.of(parameter.path("value").asInt());
      }
    }
    return OptionalInt.empty();
  }

  private static ObjectNode question(Location location, String collection) {
    ObjectNode body = RestClient.JSON.createObjectNode().put("collectionName", collection);
    String database = location.parameter("database", "");
    return database.isEmpty() ? body : body.put("dbName", database);
  }

  /** Asks; errors come with status 200 and a code of their own. */
  private static JsonNode ask(RestClient client, Location location, String path, ObjectNode body)
      throws IOException {
    RestClient.Answer answer = client.ask("POST", path, body);
    if (!answer.isOk()) {
      throw client.refused(answer, "");
    }
    int code = answer.body().path("code").asInt(-1);
    if (code != 0 && code != 200) {
      if (code < 0) {
        throw client.unexpected("a code");
      }
      String complaint = client.complaint(answer).orElse("no reason given");
      throw new StoreException(
          location.name(),
          code == 1800
              ? client.unauthorised()
              : "answered code "
                  + code
                  + " for collection "
                  + body.path("collectionName").asText()
                  + " ("
                  + complaint
                  + ")");
    }
    return answer.body().path("data");
  }

  @Override
  public Page read(Optional<String> token) throws IOException {
    ObjectNode body = question(location, location.collection());
    String least = textKey ? "\"\"" : LEAST;
    String behind = token.isPresent() ? client.token(token.get()).toString() : least;
    // The first key of all may be the least itself.
    body.put("filter", key + (token.isPresent() ? " > " : " >= ") + behind);
    body.put("limit", options.pageSize());
    ArrayNode fields = body.putArray("outputFields").add(key).add(vector);
    rows.metadata().forEach(fields::add);
    JsonNode found = ask(client, location, "/v2/vectordb/entities/query", body);
    if (!found.isArray()) {
      throw client.unexpected("data");
    }
    List<Row> page = new ArrayList<>();
    @Nullable JsonNode last = null;
    for (JsonNode entity : found) {
      page.add(rows.row(entity.path(key).asText(), entity.path(vector), entity));
      if (last != null && compare(entity.path(key), last) <= 0) {
        throw new StoreException(
            location.name(),
            "does not give records in the order of " + key + ", so that some could be missed");
      }
      last = entity.path(key);
    }
    return new Page(
        page,
        last == null || page.size() < options.pageSize()
            ? Optional.empty()
            : Optional.of(last.toString()));
  }

  private int compare(JsonNode a, JsonNode b) {
    return textKey
        ? UnsignedBytes.lexicographicalComparator()
            .compare(a.asText().getBytes(UTF_8), b.asText().getBytes(UTF_8))
        : Long.compare(a.asLong(), b.asLong());
  }

  @Override
  public OptionalLong count() {
    OptionalLong known = count;
    if (known == null) {
      known = counted();
      count = known;
    }
    return known;
  }

  private OptionalLong counted() {
    try {
      ObjectNode body = question(location, location.collection()).put("filter", "");
      body.putArray("outputFields").add("count(*)");
      JsonNode found =
          ask(client, location, "/v2/vectordb/entities/query", body).path(0).path("count(*)");
      return found.isIntegralNumber() ? OptionalLong.of(found.longValue()) : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  @Override
  public boolean countIsExact() {
    return true;
  }

  @Override
  public String description() {
    return "vectors from field `" + vector + "`, ids from `" + key + "`";
  }
}
