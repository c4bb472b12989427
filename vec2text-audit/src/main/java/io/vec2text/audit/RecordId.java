package io.vec2text.audit;

import io.vec2text.sources.Place;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which record of a store it is.
 *
 * @param index number of the record in the source, from 0
 * @param id what the source calls it; empty if it has no names
 * @param line the line of the source that it begins on, from 1; empty if there are none
 */
public record RecordId(long index, Optional<String> id, OptionalLong line) {

  /** The record at a place of a source. */
  static RecordId of(long index, Place place) {
    return new RecordId(index, place.id(), place.line());
  }

  /** Its id or, without one, {@code #} and its index. */
  public String name() {
    return id.orElse("#" + index);
  }
}
