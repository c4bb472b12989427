package io.vec2text.sources.store;

import io.vec2text.sources.VectorReader;
import io.vec2text.sources.VectorSource;
import java.io.IOException;
import java.util.Optional;

/** Vector stores and search engines with REST interfaces. */
final class RestProvider implements StoreProvider {

  @Override
  public boolean accepts(String location) {
    return RestKind.of(location).isPresent();
  }

  @Override
  public VectorSource source(String location, StoreOptions options) throws IOException {
    Location parsed = Location.parse(location);
    if (options.table().isPresent() || options.query().isPresent()) {
      throw new StoreException(
          parsed.name(), "has no tables and queries, the location itself names the collection");
    }
    return new RestSource(RestKind.of(location).orElseThrow(), parsed, options);
  }

  private record RestSource(RestKind kind, Location location, StoreOptions options)
      implements VectorSource {

    @Override
    public String name() {
      return location.name();
    }

    @Override
    public boolean isOrdered() {
      return kind.isOrdered(options);
    }

    @Override
    public VectorReader open(Optional<String> cursor) throws IOException {
      return PagedReader.open(name(), kind.open(location, options), cursor);
    }
  }
}
