package io.vec2text.sources.store;

import com.google.errorprone.annotations.Immutable;
import io.vec2text.sources.store.RestClient.Header;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The kinds of store that are read over HTTP; a further one is a further constant. */
enum RestKind {
  CHROMA(new Key("x-chroma-token", ""), ChromaPages::open),
  QDRANT(new Key("api-key", ""), QdrantPages::open),
  ELASTICSEARCH(new Key("Authorization", "ApiKey "), SearchEnginePages::elasticsearch),
  OPENSEARCH(new Key("Authorization", "Bearer "), SearchEnginePages::openSearch),
  WEAVIATE(new Key("Authorization", "Bearer "), WeaviatePages::open),
  MILVUS(new Key("Authorization", "Bearer "), MilvusPages::open),
  PINECONE(new Key("Api-Key", ""), PineconePages::open);

  private final Key key;
  private final Opener opener;

  /** The header that a key goes into, and what stands before it there. */
  @Immutable
  private record Key(String header, String prefix) {}

  /** Finds out what there is to know of a collection before its first page. */
  @Immutable
  @FunctionalInterface
  interface Opener {
    /**
     * The pages of a collection.
     *
     * @throws StoreException if there is no such collection
     */
    Pages open(Location location, RestClient client, StoreOptions options) throws IOException;
  }

  RestKind(Key key, Opener opener) {
    this.key = key;
    this.opener = opener;
  }

  /** What its locations begin with, before the plus sign. */
  String scheme() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The schemes of all kinds. */
  static String schemes() {
    return Arrays.stream(values()).map(RestKind::scheme).collect(Collectors.joining(", "));
  }

  /** The kind of a location. */
  static Optional<RestKind> of(String location) {
    String start = location.toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(
            kind ->
                start.startsWith(kind.scheme() + "+http://")
                    || start.startsWith(kind.scheme() + "+https://"))
        .findFirst();
  }

  /** Whether its rows come in the same order every time. */
  boolean isOrdered(StoreOptions options) {
    boolean search = this == ELASTICSEARCH || this == OPENSEARCH;
    return !search || options.reading().idField().isPresent();
  }

  Pages open(Location location, StoreOptions options) throws IOException {
    RestClient client = new RestClient(location, options, header(options.credentials()));
    return opener.open(location, client, options);
  }

  private @Nullable Header header(Credentials credentials) throws StoreException {
    Optional<String> secret = credentials.headerSecret();
    if (secret.isEmpty()) {
      return null;
    }
    if (credentials.user().isPresent()) {
      String pair = credentials.user().get() + ":" + secret.get();
      if (this == MILVUS) {
        return new Header(key.header(), key.prefix() + pair);
      }
      return new Header(
          "Authorization",
          "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }
    return new Header(key.header(), key.prefix() + secret.get());
  }
}
