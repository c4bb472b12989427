package io.vec2text.sources.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vec2text.sources.ReadOptions;
import io.vec2text.sources.Row;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Qdrant, in the shapes of its REST interface. */
final class QdrantTest extends RestContract {
  private static final String PATH = "/collections/" + COLLECTION;

  /** Names of the vectors; none for vectors without a name. */
  private List<String> names = List.of();

  @Override
  String scheme() {
    return "qdrant";
  }

  @Override
  String[] keyHeader(String key) {
    return new String[] {"api-key", key};
  }

  @Override
  boolean keepsMixed() {
    return false;
  }

  /** Numbers and UUIDs, as Qdrant has them. */
  @Override
  String id(int i) {
    return i % 2 == 0 ? Integer.toString(i) : "00000000-0000-4000-8000-%012d".formatted(i);
  }

  private static ObjectNode result() {
    ObjectNode answer = object().put("status", "ok").put("time", 0.001);
    answer.putObject("result");
    return answer;
  }

  @Override
  FakeStore.Answer answer(FakeStore.Request request, List<Item> items) {
    ObjectNode answer = result();
    ObjectNode result = (ObjectNode) answer.get("result");
    if (request.path().equals(PATH)) {
      ObjectNode vectors =
          result
              .put("status", "green")
              .putObject("config")
              .putObject("params")
              .putObject("vectors");
      if (names.isEmpty()) {
        vectors.put("size", DIMENSION).put("distance", "Cosine");
      }
      names.forEach(
          name -> vectors.putObject(name).put("size", name.equals("wide") ? 99 : DIMENSION));
      return FakeStore.Answer.ok(answer);
    }
    if (request.path().equals(PATH + "/points/count")) {
      result.put("count", items.size());
      return FakeStore.Answer.ok(answer);
    }
    if (request.path().equals(PATH + "/points/scroll")) {
      scroll(request.body(), items, result);
      return FakeStore.Answer.ok(answer);
    }
    return new FakeStore.Answer(
        404,
        "{\"status\":{\"error\":\"Not found: Collection `nowhere` doesn't exist!\"},\"time\":0.1}");
  }

  private void scroll(JsonNode body, List<Item> items, ObjectNode result) {
    int from = 0;
    while (body.hasNonNull("offset") && !items.get(from).id().equals(body.get("offset").asText())) {
      from++;
    }
    int to = Math.min(items.size(), from + body.get("limit").asInt());
    ArrayNode points = result.putArray("points");
    for (Item item : items.subList(from, to)) {
      ObjectNode point = points.addObject();
      id(point, "id", item.id());
      if (body.get("with_payload").isArray()) {
        point.putObject("payload").putObject("meta").put("tenant", "acme");
      }
      if (!names.isEmpty()) {
        ObjectNode vectors = point.putObject("vector");
        body.get("with_vector")
            .forEach(name -> vectors.set(name.textValue(), array(item.vector())));
      } else if (item.vector() != null) {
        point.set("vector", array(item.vector()));
      } else {
        point.putObject("vector"); // as Qdrant gives it
      }
    }
    if (to == items.size()) {
      result.putNull("next_page_offset");
    } else {
      id(result, "next_page_offset", items.get(to).id());
    }
  }

  private static void id(ObjectNode node, String field, String id) {
    if (id.contains("-")) {
      node.put(field, id);
    } else {
      node.put(field, Long.parseLong(id));
    }
  }

  @Test
  void choosesAmongNamedVectors() throws Exception {
    names = List.of("title", "wide");
    FakeStore store = store(items(7));
    assertThat(read(source(store, options().build()))).hasOnlyElementsOfType(Row.Vector.class);
    assertThat(store.requests().get(1).body().get("with_vector").toString())
        .isEqualTo("[\"title\"]");
    names = List.of("title", "body", "wide");
    saysOneLine(
        () -> read(filled(items(7), options().build())),
        "several fields with vectors: title of dimension 8, body of dimension 8, wide",
        "--vector");
    assertThat(read(filled(items(7), named("body")))).hasSize(7);
    saysOneLine(() -> read(filled(items(7), named("other"))), "has no vectors other, it has title");
  }

  private StoreOptions named(String name) {
    return options()
        .reading(ReadOptions.builder().dimension(DIMENSION).vectorField(name).build())
        .build();
  }

  @Test
  void severalVectorsAPointAreNoVector() throws Exception {
    FakeStore store = store(items(2));
    ObjectNode answer = result();
    ObjectNode point =
        ((ObjectNode) answer.get("result")).putArray("points").addObject().put("id", 7);
    point.putArray("vector").add(array(new float[] {1})).add(array(new float[] {2}));
    store.then(
        request -> FakeStore.status(200, answer(request, items(2)).body()).to(request),
        FakeStore.status(200, answer.toString()));
    List<Row> rows = read(source(store, options().build()));
    assertThat(((Row.Malformed) rows.get(0)).problem())
        .isEqualTo("record 7: holds several vectors, expected one");
  }

  @Test
  void bringsPayloadAlong() throws Exception {
    StoreOptions options = options().metadata(List.of("meta.tenant")).build();
    Row.Vector row = (Row.Vector) read(filled(items(1), options)).get(0);
    assertThat(row.metadata()).containsExactly(Map.entry("meta.tenant", "acme"));
  }
}
