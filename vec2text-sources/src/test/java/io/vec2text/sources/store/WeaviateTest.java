package io.vec2text.sources.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vec2text.sources.Row;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Weaviate, in the shapes of its REST interface. */
final class WeaviateTest extends RestContract {
  private List<String> names = List.of();

  @Override
  String scheme() {
    return "weaviate";
  }

  @Override
  String[] keyHeader(String key) {
    return new String[] {"Authorization", "Bearer " + key};
  }

  @Override
  boolean keepsMixed() {
    return false;
  }

  @Override
  String id(int i) {
    return "36ddd591-2dee-4e7e-a3cc-%012x".formatted(0xabc000 + i);
  }

  @Override
  FakeStore.Answer answer(FakeStore.Request request, List<Item> items) {
    if (request.path().equals("/v1/schema/" + COLLECTION)) {
      ObjectNode schema = object().put("class", "MyChunks").put("vectorizer", "none");
      names.forEach(name -> schema.withObject("/vectorConfig").putObject(name));
      return FakeStore.Answer.ok(schema);
    }
    if (request.path().equals("/v1/objects")) {
      assertThat(request.parameter("class", "")).isEqualTo("MyChunks");
      assertThat(request.parameter("include", "")).isEqualTo("vector");
      ObjectNode answer = object().put("deprecations", (String) null);
      ArrayNode objects = answer.putArray("objects");
      items.stream()
          .sorted(Comparator.comparing(Item::id))
          .filter(item -> item.id().compareTo(request.parameter("after", "")) > 0)
          .limit(Integer.parseInt(request.parameter("limit", "")))
          .forEach(item -> add(objects.addObject(), item));
      return FakeStore.Answer.ok(answer.put("totalResults", objects.size()));
    }
    return new FakeStore.Answer(404, "");
  }

  private void add(ObjectNode object, Item item) {
    object.put("class", "MyChunks").put("id", item.id());
    object.putObject("properties").put("text", "a text").put("tenant", "acme");
    if (item.vector() != null && names.isEmpty()) {
      object.set("vector", array(item.vector()));
    } else if (item.vector() != null) {
      ObjectNode vectors = object.putObject("vectors");
      names.forEach(name -> vectors.set(name, array(item.vector())));
    }
  }

  @Test
  void choosesAmongNamedVectors() throws Exception {
    names = List.of("default");
    assertThat(read(filled(items(7), options().build()))).hasOnlyElementsOfType(Row.Vector.class);
    names = List.of("title", "body");
    saysOneLine(
        () -> read(filled(items(7), options().build())),
        "several fields with vectors: title, body");
  }

  @Test
  void asksForATenant() throws Exception {
    FakeStore store = store(items(2));
    read(Stores.source(location(store, COLLECTION) + "?tenant=a%20b", options().build()));
    assertThat(store.requests().get(1).parameter("tenant", "")).isEqualTo("a b");
  }

  @Test
  void dropsPropertiesUnlessAskedForThem() throws Exception {
    Row.Vector row = (Row.Vector) read(filled(items(1), options().build())).get(0);
    assertThat(row.metadata()).isEmpty();
    StoreOptions options = options().metadata(List.of("tenant")).build();
    row = (Row.Vector) read(filled(items(1), options)).get(0);
    assertThat(row.metadata()).containsOnlyKeys("tenant");
  }
}
