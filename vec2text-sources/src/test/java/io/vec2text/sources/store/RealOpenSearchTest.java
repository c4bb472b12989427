package io.vec2text.sources.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vec2text.sources.ReadOptions;
import io.vec2text.sources.VectorReader;
import io.vec2text.sources.VectorSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** OpenSearch, where {@code tools/test-stores} has started one, without the plugin for vectors. */
@EnabledIfSystemProperty(named = "vec2text.store.opensearch", matches = "http.*")
final class RealOpenSearchTest extends VectorSourceContract {
  private static final AtomicInteger NAMES = new AtomicInteger();

  private final String url = System.getProperty("vec2text.store.opensearch");
  private final String run = Long.toString(System.nanoTime(), Character.MAX_RADIX);

  @Override
  VectorSource filled(List<Item> items, StoreOptions options) throws Exception {
    String name = "chunks-" + run + "-" + NAMES.incrementAndGet();
    RestClient client =
        new RestClient(Location.parse("opensearch+" + url + "/x"), options().build(), null);
    ObjectNode index = RestClient.JSON.createObjectNode();
    index.putObject("settings").put("number_of_shards", 3).put("number_of_replicas", 0);
    ObjectNode properties = index.putObject("mappings").putObject("properties");
    properties.putObject("embedding").put("type", "float");
    properties.putObject("key").put("type", "keyword");
    assertThat(client.ask("PUT", "/" + name, index).isOk()).isTrue();
    for (Item item : items) {
      ObjectNode document = RestClient.JSON.createObjectNode().put("key", item.id());
      if (item.vector() != null) {
        ArrayNode embedding = document.putArray("embedding");
        for (float component : item.vector()) {
          embedding.add(component);
        }
      }
      assertThat(client.ask("PUT", "/" + name + "/_doc/" + item.id(), document).isOk()).isTrue();
    }
    client.post("/" + name + "/_refresh", null);
    return Stores.source("opensearch+" + url + "/" + name, options);
  }

  @Override
  VectorSource missing(StoreOptions options) throws Exception {
    return Stores.source("opensearch+" + url + "/nowhere", options);
  }

  @Test
  void aUniqueFieldGivesAnOrderThatLasts() throws Exception {
    ReadOptions byKey = ReadOptions.builder().dimension(DIMENSION).idField("key").build();
    VectorSource source = filled(items(23), options().reading(byKey).build());
    List<String> all = ids(read(source));
    assertThat(all).hasSize(23).isSorted();
    try (VectorReader reader = source.open()) {
      reader.skip(7);
      try (VectorReader later = source.open(reader.cursor())) {
        assertThat(ids(rest(later))).isEqualTo(all.subList(7, 23));
      }
    }
  }

  @Test
  void aFieldThatIsNotUniqueIsNoticed() throws Exception {
    List<Item> items = items(23);
    ReadOptions byVector =
        ReadOptions.builder().vectorField("embedding").idField("embedding").build();
    for (int i = 0; i < 23; i++) {
      items.set(i, new Item(id(i), new float[] {1, 2}));
    }
    saysOneLine(
        () -> read(filled(items, options().reading(byVector).build())),
        "of 23 records",
        "not unique");
  }
}
