package io.vec2text.sources;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where a row stands in its source.
 *
 * @param line the line that it begins on, from 1; empty where a source has no lines
 * @param id what the source calls it, as text; empty if it has no name there
 */
public record Place(OptionalLong line, Optional<String> id) {
  /** No line and no id. */
  public static final Place UNKNOWN = new Place(OptionalLong.empty(), Optional.empty());

  /** A line without an id. */
  public static Place line(long line) {
    return new Place(OptionalLong.of(line), Optional.empty());
  }

  /** The same place with an id. */
  public Place withId(String id) {
    return new Place(line, Optional.of(id));
  }
}
