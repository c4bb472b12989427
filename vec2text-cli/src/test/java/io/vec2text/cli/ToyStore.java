package io.vec2text.cli;

import io.vec2text.sources.Place;
import io.vec2text.sources.Row;
import io.vec2text.sources.VectorReader;
import io.vec2text.sources.VectorSource;
import io.vec2text.sources.store.StoreException;
import io.vec2text.sources.store.StoreOptions;
import io.vec2text.sources.store.StoreProvider;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;

/** A store of records that tests put into it, at {@code toystore:ordered} and elsewhere. */
public final class ToyStore implements StoreProvider {
  /** What is in it; a row of null is where it breaks. */
  static final List<Row> ROWS = new CopyOnWriteArrayList<>();

  /** The options of the last reader. */
  static StoreOptions options;

  /** Fills it with the vectors of known texts. */
  static void fill(int n) {
    ROWS.clear();
    for (int i = 0; i < n; i++) {
      ROWS.add(row("doc" + i, Toys.vector("secret " + i)));
    }
  }

  static Row row(String id, float[] vector) {
    return new Row.Vector(vector, Place.UNKNOWN.withId(id));
  }

  @Override
  public boolean accepts(String location) {
    return location.startsWith("toystore:");
  }

  @Override
  public VectorSource source(String location, StoreOptions options) {
    ToyStore.options = options;
    return new VectorSource() {
      @Override
      public String name() {
        return location;
      }

      @Override
      public boolean isOrdered() {
        return location.equals("toystore:ordered");
      }

      @Override
      public VectorReader open(Optional<String> cursor) {
        return reader(ROWS.iterator(), location);
      }
    };
  }

  private static VectorReader reader(Iterator<Row> rows, String location) {
    return new VectorReader() {
      private int read;

      @Override
      public OptionalLong rows() {
        return OptionalLong.of(ROWS.size());
      }

      @Override
      public Row next() throws IOException {
        if (!rows.hasNext()) {
          return null;
        }
        Row row = rows.next();
        if (row.place().id().equals(Optional.of("broken"))) {
          throw new StoreException(location, "the connection was lost after " + read + " records");
        }
        read++;
        return row;
      }

      @Override
      public void close() {}
    };
  }
}
