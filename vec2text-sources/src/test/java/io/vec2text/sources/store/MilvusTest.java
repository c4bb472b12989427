package io.vec2text.sources.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Milvus, in the shapes of version 2 of its REST interface. */
final class MilvusTest extends RestContract {
  private boolean numbers;
  private boolean shuffled;

  @Override
  String scheme() {
    return "milvus";
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
    return numbers ? Integer.toString(i - 5) : "doc-\"" + (1000 + i);
  }

  @Override
  FakeStore.Answer answer(FakeStore.Request request, List<Item> items) {
    assertThat(request.method()).isEqualTo("POST");
    if (!request.body().path("collectionName").asText().equals(COLLECTION)) {
      return new FakeStore.Answer(
          200, "{\"code\":100,\"message\":\"can't find collection[collection=nowhere]\"}");
    }
    ObjectNode answer = object().put("code", 0).put("cost", 0);
    if (request.path().equals("/v2/vectordb/collections/describe")) {
      ArrayNode fields = answer.putObject("data").putArray("fields");
      fields
          .addObject()
          .put("name", "pk")
          .put("primaryKey", true)
          .put("type", numbers ? "Int64" : "VarChar");
      ObjectNode vector =
          fields.addObject().put("name", "emb").put("primaryKey", false).put("type", "FloatVector");
      vector.putArray("params").addObject().put("key", "dim").put("value", "" + DIMENSION);
      return FakeStore.Answer.ok(answer);
    }
    assertThat(request.path()).isEqualTo("/v2/vectordb/entities/query");
    ArrayNode data = answer.putArray("data");
    if (request.body().path("outputFields").toString().contains("count(*)")) {
      data.addObject().put("count(*)", items.size());
      return FakeStore.Answer.ok(answer);
    }
    query(request, items, data);
    return FakeStore.Answer.ok(answer);
  }

  private void query(FakeStore.Request request, List<Item> items, ArrayNode data) {
    String[] filter = request.body().path("filter").asText().split(" ", 3);
    assertThat(filter[0]).isEqualTo("pk");
    Comparator<String> order =
        numbers ? Comparator.comparingLong(Long::parseLong) : Comparator.naturalOrder();
    String bound =
        numbers ? filter[2] : filter[2].substring(1, filter[2].length() - 1).replace("\\\"", "\"");
    List<Item> found = new ArrayList<>();
    items.stream()
        .sorted(Comparator.comparing(Item::id, order))
        .filter(
            item ->
                order.compare(item.id(), bound) > 0
                    || (filter[1].equals(">=") && item.id().equals(bound)))
        .limit(request.body().path("limit").asInt())
        .forEach(found::add);
    if (shuffled) {
      Collections.reverse(found);
    }
    for (Item item : found) {
      ObjectNode entity = data.addObject();
      if (numbers) {
        entity.put("pk", Long.parseLong(item.id()));
      } else {
        entity.put("pk", item.id());
      }
      if (item.vector() == null) {
        entity.putNull("emb");
      } else {
        entity.set("emb", array(item.vector()));
      }
    }
  }

  @Test
  void readsKeysThatAreNumbers() throws Exception {
    numbers = true;
    assertThat(ids(read(filled(items(23), options().build()))))
        .hasSize(23)
        .startsWith("-5", "-4")
        .doesNotHaveDuplicates();
  }

  @Test
  void anOrderThatWouldLoseRecordsIsNoticed() throws Exception {
    shuffled = true;
    saysOneLine(() -> read(filled(items(23), options().build())), "in the order of pk");
  }

  @Test
  void aRefusalWithinAnAnswerIsOneLine() throws Exception {
    FakeStore store = store(items(2));
    store.then(FakeStore.status(200, "{\"code\":1800,\"message\":\"user hasn't authenticated\"}"));
    saysOneLine(() -> read(source(store, options().build())), "asks for credentials");
  }
}
