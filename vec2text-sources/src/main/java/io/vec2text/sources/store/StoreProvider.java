package io.vec2text.sources.store;

import io.vec2text.sources.VectorSource;
import java.io.IOException;

/**
 * Knows a kind of store. Implementations have a public constructor without parameters, are listed
 * in {@code META-INF/services/io.vec2text.sources.store.StoreProvider}, and are found by {@link
 * java.util.ServiceLoader}.
 */
public interface StoreProvider {

  /**
   * Whether a location is of this kind.
   *
   * @param location for example {@code jdbc:postgresql://host/database}
   */
  boolean accepts(String location);

  /**
   * The source at a location that was accepted. It need not connect before it is read.
   *
   * @throws StoreException if location or options make no sense
   */
  VectorSource source(String location, StoreOptions options) throws IOException;
}
