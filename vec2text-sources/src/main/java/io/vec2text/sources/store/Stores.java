package io.vec2text.sources.store;

import io.vec2text.sources.VectorSource;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Opens stores by their locations.
 *
 * <table>
 * <caption>Locations</caption>
 * <tr><th>store</th><th>location</th></tr>
 * <tr><td>any database with a JDBC driver</td><td>{@code jdbc:postgresql://host/database}</td></tr>
 * <tr><td>Chroma</td><td>{@code chroma+http://host:8000/collection}</td></tr>
 * <tr><td>Qdrant</td><td>{@code qdrant+https://host:6333/collection}</td></tr>
 * <tr><td>Elasticsearch</td><td>{@code elasticsearch+https://host:9200/index}</td></tr>
 * <tr><td>OpenSearch</td><td>{@code opensearch+https://host:9200/index}</td></tr>
 * <tr><td>Weaviate</td><td>{@code weaviate+http://host:8080/Collection}</td></tr>
 * <tr><td>Milvus</td><td>{@code milvus+http://host:19530/collection}</td></tr>
 * <tr><td>Pinecone</td><td>{@code pinecone+https://index-host/namespace}</td></tr>
 * <tr><td>Redis</td><td>{@code redis://host:6379/database/prefix}</td></tr>
 * <tr><td>a folder with an index of Lucene</td><td>{@code lucene:/path/to/index}</td></tr>
 * </table>
 */
public final class Stores {
  /** The kinds that come with this module; a further one is a further line. */
  private static final List<StoreProvider> PROVIDERS =
      List.of(new JdbcProvider(), new LuceneProvider(), new RedisProvider(), new RestProvider());

  private static final Pattern SCHEME =
      Pattern.compile("(?i)jdbc:.*|[a-z][a-z0-9.-]*\\+https?://.*");

  private Stores() {}

  /** Whether a text is the location of a store rather than the name of a file. */
  public static boolean isLocation(String text) {
    return SCHEME.matcher(text).matches() || provider(text).isPresent();
  }

  /**
   * The store at a location.
   *
   * @param location without credentials
   * @throws StoreException if no kind of store has such locations, or it holds credentials
   */
  public static VectorSource source(String location, StoreOptions options) throws IOException {
    Location.refuseSecrets(location);
    Optional<StoreProvider> provider = provider(location);
    if (provider.isEmpty()) {
      throw new StoreException(
          Location.name(location),
          "is no store that is known, expected jdbc:…, lucene:FOLDER, redis://…, or SCHEME+http://"
              + " or SCHEME+https:// with one of "
              + RestKind.schemes());
    }
    return provider.get().source(location, options);
  }

  /** What a location is called in messages: without its query, and without credentials. */
  public static String name(String location) {
    return Location.name(location);
  }

  private static Optional<StoreProvider> provider(String location) {
    return Stream.concat(
            PROVIDERS.stream(),
            ServiceLoader.load(StoreProvider.class).stream().map(ServiceLoader.Provider::get))
        .filter(provider -> provider.accepts(location))
        .findFirst();
  }
}
