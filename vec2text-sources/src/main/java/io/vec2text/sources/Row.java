package io.vec2text.sources;

import io.vec2text.sources.internal.OneLine;
import java.util.Map;

/** A row of a source of vectors. */
public sealed interface Row {

  /** Where it stands in the source, and what it is called there. */
  Place place();

  /**
   * A vector as the source holds it: of any dimension, its components not necessarily finite.
   *
   * @param values the components
   * @param metadata fields that were asked for, as text by name; only those that the row has
   */
  @SuppressWarnings("ArrayRecordComponent") // a vector is an array; rows are never compared
  record Vector(float[] values, Place place, Map<String, String> metadata) implements Row {
    public Vector {
      metadata = Map.copyOf(metadata);
    }

    /** A vector without metadata. */
    public Vector(float[] values, Place place) {
      this(values, place, Map.of());
    }

    /** The same vector with metadata. */
    public Vector with(Map<String, String> fields) {
      return new Vector(values, place, fields);
    }

    /** Names no value: they may be somebody's. */
    @Override
    public String toString() {
      return "Vector[dimension=" + values.length + ", place=" + place + "]";
    }
  }

  /**
   * A row that holds no vector, in a source whose other rows may well do.
   *
   * @param problem what is wrong with it, in one line that names the place in the file
   */
  record Malformed(String problem, Place place) implements Row {
    public Malformed {
      problem = OneLine.of(problem);
    }
  }
}
