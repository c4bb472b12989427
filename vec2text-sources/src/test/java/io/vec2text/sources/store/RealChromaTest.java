package io.vec2text.sources.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vec2text.sources.VectorSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Chroma, where {@code tools/test-stores} has started one. */
@EnabledIfSystemProperty(named = "vec2text.store.chroma", matches = "http.*")
final class RealChromaTest extends VectorSourceContract {
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static final String PATH = "/api/v2/tenants/default_tenant/databases/default_database";

  private final String url = System.getProperty("vec2text.store.chroma");
  private final String run = Long.toString(System.nanoTime(), Character.MAX_RADIX);

  @Override
  boolean keepsMissing() {
    return false;
  }

  @Override
  boolean keepsMixed() {
    return false;
  }

  @Override
  VectorSource filled(List<Item> items, StoreOptions options) throws Exception {
    String name = "chunks-" + run + "-" + NAMES.incrementAndGet();
    RestClient client =
        new RestClient(Location.parse("chroma+" + url + "/x"), options().build(), null);
    ObjectNode collection = RestClient.JSON.createObjectNode().put("name", name);
    String id = client.post(PATH + "/collections", collection).path("id").asText();
    if (!items.isEmpty()) {
      ObjectNode body = RestClient.JSON.createObjectNode();
      ArrayNode ids = body.putArray("ids");
      ArrayNode embeddings = body.putArray("embeddings");
      for (Item item : items) {
        ids.add(item.id());
        ArrayNode embedding = embeddings.addArray();
        for (float component : item.vector()) {
          embedding.add(component);
        }
      }
      assertThat(client.post(PATH + "/collections/" + id + "/add", body)).isNotNull();
    }
    return Stores.source("chroma+" + url + "/" + name, options);
  }

  @Override
  VectorSource missing(StoreOptions options) throws Exception {
    return Stores.source("chroma+" + url + "/nowhere", options);
  }
}
