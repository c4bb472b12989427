package io.vec2text.sources.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vec2text.sources.Row;
import org.junit.jupiter.api.Test;

/** Elasticsearch 9.2, which leaves vectors out unless asked, and older ones, which can't be. */
final class ElasticsearchTest extends SearchEngineContract {
  private boolean old;

  @Override
  String scheme() {
    return "elasticsearch";
  }

  @Override
  String[] keyHeader(String key) {
    return new String[] {"Authorization", "ApiKey " + key};
  }

  @Override
  String points() {
    return "/_pit";
  }

  @Override
  String vectorType() {
    return "dense_vector";
  }

  @Override
  boolean keepsMixed() {
    return false;
  }

  private static boolean asks(JsonNode body) {
    JsonNode excluded = body.path("_source").path("exclude_vectors");
    return excluded.isBoolean() && !excluded.booleanValue();
  }

  @Override
  FakeStore.Answer objection(JsonNode body) {
    return old && body.path("_source").has("exclude_vectors")
        ? new FakeStore.Answer(
            400,
            "{\"error\":{\"type\":\"parsing_exception\",\"reason\":\"Unknown key for a"
                + " VALUE_BOOLEAN in [exclude_vectors].\"},\"status\":400}")
        : null;
  }

  @Override
  boolean givesVectors(JsonNode body) {
    return old || asks(body);
  }

  @Test
  void readsOlderOnesToo() throws Exception {
    old = true;
    assertThat(read(filled(items(13), options().build())))
        .hasSize(13)
        .hasOnlyElementsOfType(Row.Vector.class);
  }

  @Test
  void takesAUserWithAPassword() throws Exception {
    FakeStore store = store(items(3));
    Credentials credentials = Credentials.ofVariable("P", v -> "s3cret").user("elastic");
    read(source(store, options().credentials(credentials).build()));
    assertThat(store.requests().get(0).header("Authorization"))
        .isEqualTo("Basic ZWxhc3RpYzpzM2NyZXQ=");
  }
}
