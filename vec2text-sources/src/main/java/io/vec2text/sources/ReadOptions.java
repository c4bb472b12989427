package io.vec2text.sources;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** How a source of vectors is to be read, where its content alone does not decide that. */
public final class ReadOptions {
  private static final ReadOptions DEFAULTS = builder().build();

  private final OptionalInt dimension;
  private final Optional<String> vectorField;
  private final Optional<String> idField;
  private final Optional<Format> format;
  private final OptionalDouble scale;
  private final List<String> metadata;

  private ReadOptions(Builder b) {
    dimension = b.dimension;
    vectorField = Optional.ofNullable(b.vectorField);
    idField = Optional.ofNullable(b.idField);
    format = Optional.ofNullable(b.format);
    scale = b.scale;
    metadata = b.metadata;
  }

  /** Everything is decided by content. */
  public static ReadOptions defaults() {
    return DEFAULTS;
  }

  /** Starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** The dimension of the space: arrays of this length are vectors; without it, the longest are. */
  public OptionalInt dimension() {
    return dimension;
  }

  /** The field or column that holds the vectors. */
  public Optional<String> vectorField() {
    return vectorField;
  }

  /** The field or column that holds the ids. */
  public Optional<String> idField() {
    return idField;
  }

  /** The format. */
  public Optional<Format> format() {
    return format;
  }

  /** What every component is multiplied by. */
  public OptionalDouble scale() {
    return scale;
  }

  /** The fields that rows of files bring along as {@link Row.Vector#metadata()}. */
  public List<String> metadata() {
    return metadata;
  }

  /** Builds {@link ReadOptions}. */
  public static final class Builder {
    private OptionalInt dimension = OptionalInt.empty();
    private @Nullable String vectorField;
    private @Nullable String idField;
    private @Nullable Format format;
    private OptionalDouble scale = OptionalDouble.empty();
    private List<String> metadata = List.of();

    private Builder() {}

    /**
     * The dimension of the space that vectors are expected from; by default not known.
     *
     * @throws IllegalArgumentException if not positive
     */
    @CanIgnoreReturnValue
    public Builder dimension(int dimension) {
      checkArgument(dimension > 0, "dimension must be positive, was %s", dimension);
      this.dimension = OptionalInt.of(dimension);
      return this;
    }

    /**
     * The field or column of the vectors; by default the one whose arrays have the space's
     * dimension.
     *
     * @param field its name; dots go into nested objects, for example {@code vectors.dense}
     */
    @CanIgnoreReturnValue
    public Builder vectorField(String field) {
      vectorField = requireNonNull(field, "field");
      return this;
    }

    /** The field or column of the ids; by default one whose name says so. */
    @CanIgnoreReturnValue
    public Builder idField(String field) {
      idField = requireNonNull(field, "field");
      return this;
    }

    /** The format; by default detected from the content. */
    @CanIgnoreReturnValue
    public Builder format(Format format) {
      this.format = requireNonNull(format, "format");
      return this;
    }

    /**
     * What every component is multiplied by; by default 1.
     *
     * @throws IllegalArgumentException if 0 or not finite
     */
    @CanIgnoreReturnValue
    public Builder scale(double scale) {
      checkArgument(
          scale != 0 && Double.isFinite(scale), "scale must be finite and not 0, was %s", scale);
      this.scale = OptionalDouble.of(scale);
      return this;
    }

    /**
     * Fields that rows of JSON bring along, as text; none by default. Of other files none can be
     * had. A store has {@link io.vec2text.sources.store.StoreOptions.Builder#metadata}.
     *
     * @param fields names of fields beside the vectors; dots go into nested objects
     */
    @CanIgnoreReturnValue
    public Builder metadata(List<String> fields) {
      metadata = List.copyOf(fields);
      return this;
    }

    /** The options. */
    public ReadOptions build() {
      return new ReadOptions(this);
    }
  }
}
