package io.vec2text.sources.store;

import io.vec2text.sources.VectorReader;
import io.vec2text.sources.VectorSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Folders with indexes of Lucene, {@code lucene:/path/to/index}. */
final class LuceneProvider implements StoreProvider {
  private static final String SCHEME = "lucene:";

  @Override
  public boolean accepts(String location) {
    return location.toLowerCase(Locale.ROOT).startsWith(SCHEME);
  }

  @Override
  public VectorSource source(String location, StoreOptions options) throws IOException {
    if (options.table().isPresent() || options.query().isPresent()) {
      throw new StoreException(location, "has no tables and queries, expected neither");
    }
    try {
      Class.forName("org.apache.lucene.index.DirectoryReader");
    } catch (ClassNotFoundException e) {
      throw new StoreException(
          location,
          "needs org.apache.lucene:lucene-core 9 on the class path, which is not there",
          e);
    }
    return new LuceneSource(location, Path.of(location.substring(SCHEME.length())), options);
  }

  private record LuceneSource(String name, Path folder, StoreOptions options)
      implements VectorSource {

    @Override
    public boolean isOrdered() {
      return true;
    }

    @Override
    public VectorReader open(Optional<String> cursor) throws IOException {
      return PagedReader.open(name, LucenePages.open(name, folder, options), cursor);
    }
  }
}
