package io.vec2text.sources.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vec2text.sources.Row;
import io.vec2text.sources.VectorSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Pinecone, in the shapes of its REST interface. */
final class PineconeTest extends RestContract {

  @Override
  String scheme() {
    return "pinecone";
  }

  @Override
  String[] keyHeader(String key) {
    return new String[] {"Api-Key", key};
  }

  @Override
  boolean keepsMixed() {
    return false;
  }

  @Override
  FakeStore.Answer answer(FakeStore.Request request, List<Item> items) {
    assertThat(request.header("X-Pinecone-Api-Version")).isNotEmpty();
    if (request.path().equals("/describe_index_stats")) {
      ObjectNode stats = object().put("dimension", DIMENSION).put("totalVectorCount", 999);
      stats.putObject("namespaces").putObject(COLLECTION).put("vectorCount", items.size());
      return FakeStore.Answer.ok(stats);
    }
    assertThat(request.parameter("namespace", "")).isEqualTo(COLLECTION);
    return FakeStore.Answer.ok(
        request.path().equals("/vectors/list") ? list(request, items) : fetch(request, items));
  }

  private static ObjectNode list(FakeStore.Request request, List<Item> items) {
    int from = Integer.parseInt(request.parameter("paginationToken", "0"));
    int to = Math.min(items.size(), from + Integer.parseInt(request.parameter("limit", "100")));
    ObjectNode answer = object().put("namespace", COLLECTION);
    ArrayNode ids = answer.putArray("vectors");
    items.subList(from, to).forEach(item -> ids.addObject().put("id", item.id()));
    if (to < items.size()) {
      answer.putObject("pagination").put("next", Integer.toString(to));
    }
    return answer;
  }

  private static ObjectNode fetch(FakeStore.Request request, List<Item> items) {
    assertThat(request.path()).isEqualTo("/vectors/fetch");
    assertThat(request.query().length()).isLessThan(6000);
    ObjectNode answer = object().put("namespace", COLLECTION);
    ObjectNode vectors = answer.putObject("vectors");
    List<String> wanted = request.all("ids");
    for (Item item : items) {
      // One that was deleted since it was listed is left out.
      if (wanted.contains(item.id()) && item.vector() != null) {
        ObjectNode vector = vectors.putObject(item.id()).put("id", item.id());
        vector.set("values", array(item.vector()));
        vector.putObject("metadata").put("tenant", "acme");
      }
    }
    return answer;
  }

  @Override
  VectorSource missing(StoreOptions options) throws Exception {
    return Stores.source(location(store(items(3)), "nowhere"), options);
  }

  @Test
  void fetchesLongIdsInSeveralRequests() throws Exception {
    List<Item> items = new ArrayList<>();
    IntStream.range(0, 60)
        .forEach(i -> items.add(new Item("é".repeat(80) + i, items(1).get(0).vector())));
    List<Row> rows = read(filled(items, options().pageSize(100).build()));
    assertThat(ids(rows)).isEqualTo(items.stream().map(Item::id).toList());
  }

  @Test
  void bringsMetadataAlong() throws Exception {
    StoreOptions options = options().metadata(List.of("tenant")).build();
    Row.Vector row = (Row.Vector) read(filled(items(1), options)).get(0);
    assertThat(row.metadata()).containsEntry("tenant", "acme");
  }
}
