package io.vec2text.sources.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vec2text.sources.ReadOptions;
import io.vec2text.sources.Row;
import io.vec2text.sources.VectorReader;
import io.vec2text.sources.VectorSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What Elasticsearch and OpenSearch have in common. */
abstract class SearchEngineContract extends RestContract {
  /** Whether {@code _shard_doc} is known. */
  boolean knowsShardDoc = true;

  /** The path of points in time. */
  abstract String points();

  abstract String vectorType();

  /** Answers a request of a shape that one of the two does not know; null if it knows it. */
  FakeStore.Answer objection(JsonNode body) {
    return null;
  }

  /** Whether vectors are in the answer to a request. */
  boolean givesVectors(JsonNode body) {
    return true;
  }

  @Override
  FakeStore.Answer answer(FakeStore.Request request, List<Item> items) {
    String path = request.path();
    if (path.equals("/" + COLLECTION + "/_mapping")) {
      ObjectNode answer = object();
      ObjectNode properties =
          answer.putObject("index-000001").putObject("mappings").putObject("properties");
      properties.putObject("body").put("type", "text");
      properties.putObject("key").put("type", "keyword");
      properties
          .putObject("emb")
          .putObject("properties")
          .putObject("dense")
          .put("type", vectorType())
          .put("dims", DIMENSION);
      return FakeStore.Answer.ok(answer);
    }
    if (path.endsWith(points()) && request.method().equals("POST")) {
      assertThat(path).isEqualTo("/" + COLLECTION + points());
      assertThat(request.parameter("keep_alive", "")).isNotEmpty();
      return FakeStore.Answer.ok(object().put("id", "pit-1").put("pit_id", "pit-1"));
    }
    if (path.equals(points()) && request.method().equals("DELETE")) {
      return FakeStore.Answer.ok(object().put("succeeded", true));
    }
    if (path.equals("/_search")) {
      FakeStore.Answer objection = objection(request.body());
      return objection == null ? search(request.body(), items) : objection;
    }
    return new FakeStore.Answer(
        404,
        "{\"error\":{\"root_cause\":[],\"type\":\"index_not_found_exception\",\"reason\":\"no such"
            + " index [nowhere]\"},\"status\":404}");
  }

  private FakeStore.Answer search(JsonNode body, List<Item> items) {
    assertThat(body.path("pit").path("id").textValue()).startsWith("pit-");
    String sort = body.get("sort").get(0).fieldNames().next();
    if (sort.equals("_shard_doc") && !knowsShardDoc) {
      return new FakeStore.Answer(
          400,
          "{\"error\":{\"root_cause\":[{\"reason\":\"No mapping found for [_shard_doc] in order to"
              + " sort on\"}],\"reason\":\"all shards failed\"},\"status\":400}");
    }
    ObjectNode answer = object().put("took", 1).put("pit_id", "pit-2");
    ObjectNode hits = answer.putObject("hits");
    if (body.path("track_total_hits").asBoolean()) {
      hits.putObject("total").put("value", items.size()).put("relation", "eq");
    }
    ArrayNode found = hits.putArray("hits");
    List<Item> sorted =
        sort.equals("_shard_doc")
            ? items
            : items.stream().sorted(Comparator.comparing(Item::id)).toList();
    for (int i = 0; i < sorted.size() && found.size() < body.get("size").asInt(); i++) {
      Item item = sorted.get(i);
      JsonNode after = body.path("search_after").path(0);
      if (!after.isMissingNode()
          && (sort.equals("_shard_doc")
              ? after.asInt() >= i
              : after.asText().compareTo(item.id()) >= 0)) {
        continue;
      }
      ObjectNode hit = found.addObject().put("_index", "index-000001").put("_id", item.id());
      ObjectNode source = hit.putObject("_source");
      if (body.get("_source").get("includes").toString().contains("key")) {
        source.put("key", "k");
      }
      if (item.vector() != null && givesVectors(body)) {
        source.putObject("emb").set("dense", array(item.vector()));
      }
      if (sort.equals("_shard_doc")) {
        hit.putArray("sort").add(i);
      } else {
        hit.putArray("sort").add(item.id());
      }
    }
    return FakeStore.Answer.ok(answer);
  }

  private StoreOptions byKey() {
    return options()
        .reading(ReadOptions.builder().dimension(DIMENSION).idField("key").build())
        .build();
  }

  @Test
  void aUniqueFieldGivesAnOrderThatLasts() throws Exception {
    VectorSource source = filled(items(13), byKey());
    assertThat(source.isOrdered()).isTrue();
    List<String> all = ids(read(source));
    assertThat(all).hasSize(13).isSorted();
    try (VectorReader reader = source.open()) {
      reader.skip(7);
      Optional<String> cursor = reader.cursor();
      try (VectorReader later = source.open(cursor)) {
        assertThat(ids(rest(later))).isEqualTo(all.subList(7, 13));
      }
    }
    assertThat(filled(items(13), options().build()).isOrdered()).isFalse();
  }

  @Test
  void aFieldThatIsNotUniqueIsNoticed() throws Exception {
    List<Item> items = items(13);
    for (int i = 3; i < 9; i++) {
      items.set(i, new Item("same", items.get(i).vector()));
    }
    saysOneLine(() -> read(filled(items, byKey())), "of 13 records", "not unique");
  }

  @Test
  void letsThePointInTimeGo() throws Exception {
    FakeStore store = store(items(13));
    read(source(store, options().build()));
    FakeStore.Request last = store.requests().get(store.requests().size() - 1);
    assertThat(last.method()).isEqualTo("DELETE");
    assertThat(last.body().toString()).contains("pit-2");
  }

  @Test
  void aPointInTimeThatIsGoneIsOneLine() throws Exception {
    FakeStore store = store(items(13));
    try (VectorReader reader = source(store, options().build()).open()) {
      store.then(FakeStore.status(404, "{\"error\":{\"reason\":\"No search context found\"}}"));
      saysOneLine(() -> rest(reader), "2h went by", "--id FIELD");
    }
  }

  @Test
  void bringsFieldsAlong() throws Exception {
    StoreOptions options = options().metadata(List.of("key")).build();
    Row.Vector row = (Row.Vector) read(filled(items(1), options)).get(0);
    assertThat(row.metadata()).containsEntry("key", "k");
  }
}
