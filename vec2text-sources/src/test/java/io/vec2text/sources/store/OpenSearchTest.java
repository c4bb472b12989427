package io.vec2text.sources.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** OpenSearch, which knows {@code _shard_doc} from 3.3 on. */
final class OpenSearchTest extends SearchEngineContract {

  @Override
  String scheme() {
    return "opensearch";
  }

  @Override
  String[] keyHeader(String key) {
    return new String[] {"Authorization", "Bearer " + key};
  }

  @Override
  String points() {
    return "/_search/point_in_time";
  }

  @Override
  String vectorType() {
    return "knn_vector";
  }

  @Override
  boolean keepsMixed() {
    return false;
  }

  @Override
  FakeStore.Answer objection(JsonNode body) {
    assertThat(body.path("_source").has("exclude_vectors")).isFalse();
    return null;
  }

  @Test
  void readsOlderOnesByTheirIds() throws Exception {
    knowsShardDoc = false;
    assertThat(ids(read(filled(items(13), options().build())))).hasSize(13).isSorted();
  }
}
