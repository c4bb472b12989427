package io.vec2text.sources.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vec2text.sources.Row;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Chroma, in the shapes of version 2 of its REST interface. */
final class ChromaTest extends RestContract {
  private static final String COLLECTIONS =
      "/api/v2/tenants/default_tenant/databases/default_database/collections/";
  private static final String ID = "0b6f2b9e-0d3d-4f4e-9c7f-7b9a6f7c1d11";

  @Override
  String scheme() {
    return "chroma";
  }

  @Override
  String[] keyHeader(String key) {
    return new String[] {"x-chroma-token", key};
  }

  @Override
  FakeStore.Answer answer(FakeStore.Request request, List<Item> items) {
    if (request.path().equals(COLLECTIONS + COLLECTION)) {
      return FakeStore.Answer.ok(
          object().put("id", ID).put("name", COLLECTION).put("dimension", DIMENSION));
    }
    if (request.path().equals(COLLECTIONS + ID + "/count")) {
      return new FakeStore.Answer(200, Integer.toString(items.size()));
    }
    if (request.path().equals(COLLECTIONS + ID + "/get")) {
      return FakeStore.Answer.ok(page(request, items));
    }
    return new FakeStore.Answer(
        404, "{\"error\":\"NotFoundError\",\"message\":\"Collection [nowhere] does not exist\"}");
  }

  private static ObjectNode page(FakeStore.Request request, List<Item> items) {
    int offset = request.body().path("offset").asInt();
    int limit = request.body().path("limit").asInt();
    String include = request.body().path("include").toString();
    ObjectNode answer = object();
    ArrayNode ids = answer.putArray("ids");
    ArrayNode embeddings = answer.putArray("embeddings");
    for (Item item :
        items.subList(Math.min(offset, items.size()), Math.min(offset + limit, items.size()))) {
      ids.add(item.id());
      if (item.vector() == null) {
        embeddings.addNull();
      } else {
        embeddings.add(array(item.vector()));
      }
    }
    answer.putNull("documents").putNull("metadatas").putNull("uris");
    if (include.contains("documents")) {
      ArrayNode documents = answer.putArray("documents");
      ids.forEach(id -> documents.add("text of " + id.textValue()));
    }
    if (include.contains("metadatas")) {
      ArrayNode metadatas = answer.putArray("metadatas");
      ids.forEach(id -> metadatas.addObject().put("tenant", "acme").put("page", 3));
    }
    answer.putArray("include").add("embeddings");
    return answer;
  }

  @Test
  void bringsMetadataAndDocumentsAlong() throws Exception {
    StoreOptions options = options().metadata(List.of("document", "tenant", "none")).build();
    Row.Vector row = (Row.Vector) read(filled(items(1), options)).get(0);
    assertThat(row.metadata())
        .containsOnlyKeys("document", "tenant")
        .containsEntry("document", "text of doc-1000");
  }

  @Test
  void asksForNoTextsUnlessTold() throws Exception {
    FakeStore store = store(items(7));
    read(source(store, options().build()));
    assertThat(store.requests().toString()).doesNotContain("documents", "metadatas");
  }

  @Test
  void takesTenantAndDatabaseFromTheLocation() throws Exception {
    FakeStore store = store(items(7));
    saysOneLine(
        () ->
            read(
                Stores.source(
                    location(store, COLLECTION) + "?tenant=acme&database=prod", options().build())),
        "no collection my chunks in database prod of tenant acme");
    assertThat(store.requests().get(0).path())
        .isEqualTo("/api/v2/tenants/acme/databases/prod/collections/my chunks");
    saysOneLine(
        () -> read(Stores.source("chroma+http://" + store.address(), options().build())),
        "names no collection");
  }
}
