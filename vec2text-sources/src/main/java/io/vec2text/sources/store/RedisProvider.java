package io.vec2text.sources.store;

import io.vec2text.sources.VectorReader;
import io.vec2text.sources.VectorSource;
import java.io.IOException;
import java.util.Optional;

/** Hashes of Redis, {@code redis://host:6379/database/prefix}. */
final class RedisProvider implements StoreProvider {

  @Override
  public boolean accepts(String location) {
    return RedisLocation.accepts(location);
  }

  @Override
  public VectorSource source(String location, StoreOptions options) throws IOException {
    RedisLocation parsed = RedisLocation.parse(location);
    if (options.table().isPresent() || options.query().isPresent()) {
      throw new StoreException(
          parsed.name(), "has no tables and queries, the location itself says which keys to read");
    }
    return new RedisSource(parsed, options);
  }

  private record RedisSource(RedisLocation location, StoreOptions options) implements VectorSource {

    @Override
    public String name() {
      return location.name();
    }

    /** Not: a server's table changes its order when it grows or shrinks. */
    @Override
    public boolean isOrdered() {
      return false;
    }

    @Override
    public VectorReader open(Optional<String> cursor) throws IOException {
      return PagedReader.open(name(), RedisPages.open(location, options), cursor);
    }
  }
}
