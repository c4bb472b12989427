package io.vec2text.spark;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vec2text.Cancellation;
import io.vec2text.InversionOptions;
import java.io.Serializable;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * With which models a column is inverted, and at what cost: all that is sent to the executors. Two
 * specifications of equal values are equal.
 */
public final class InversionSpec implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int MAX_THREADS = 1024;

  private final Values values;

  private record Values(
      InverterFactory inverter,
      int maxEmbeddings,
      @Nullable Double noise,
      long seed,
      @Nullable Integer truncated,
      boolean searchAnyway,
      String outputColumn,
      int batchSize,
      int threads)
      implements Serializable {}

  private InversionSpec(Values values) {
    this.values = values;
  }

  /** The models of all-MiniLM-L6-v2 and the options' defaults. */
  public static InversionSpec defaults() {
    return builder().build();
  }

  /** Starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** What opens the inverter on an executor. */
  public InverterFactory inverter() {
    return values.inverter;
  }

  /** The options of each inversion. */
  public InversionOptions options() {
    return options(new Cancellation());
  }

  InversionOptions options(Cancellation cancellation) {
    InversionOptions.Builder options =
        InversionOptions.builder()
            .maxEmbeddings(values.maxEmbeddings)
            .seed(values.seed)
            .searchAnyway(values.searchAnyway)
            .cancellation(cancellation);
    if (values.noise != null) {
      options.noise(values.noise);
    }
    if (values.truncated != null) {
      options.truncated(values.truncated);
    }
    return options.build();
  }

  /** The name of the column that is added. */
  public String outputColumn() {
    return values.outputColumn;
  }

  /** How many rows are inverted together. */
  public int batchSize() {
    return values.batchSize;
  }

  /** How many threads a task uses; 0 for as many as it has CPUs. */
  public int threads() {
    return values.threads;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof InversionSpec spec && values.equals(spec.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString().replaceFirst("Values", "InversionSpec");
  }

  /** Builds an {@link InversionSpec}. */
  public static final class Builder {
    private String model = "sentence-transformers/all-MiniLM-L6-v2";
    private boolean inDirectory;
    private @Nullable String variant;
    private @Nullable InverterFactory inverter;
    private InversionOptions options = InversionOptions.defaults();
    private String outputColumn = "inversion";
    private int batchSize = 64;
    private int threads;

    private Builder() {}

    /**
     * The package for an embedding model, on the executors' class path; all-MiniLM-L6-v2 by
     * default.
     *
     * @param modelId for example {@code sentence-transformers/all-MiniLM-L6-v2}, or its last part
     */
    @CanIgnoreReturnValue
    public Builder model(String modelId) {
      model = requireNonNull(modelId, "modelId");
      inDirectory = false;
      return this;
    }

    /** A package in a directory that every executor has under this path. */
    @CanIgnoreReturnValue
    public Builder model(Path directory) {
      model = directory.toString();
      inDirectory = true;
      return this;
    }

    /** The variant of the embedding model that made the vectors; that of the package by default. */
    @CanIgnoreReturnValue
    public Builder variant(String variant) {
      this.variant = requireNonNull(variant, "variant");
      return this;
    }

    /**
     * Opens an inverter of one's own, in place of a package's.
     *
     * @throws IllegalArgumentException if it is neither a record nor an enum constant
     */
    @CanIgnoreReturnValue
    public Builder inverter(InverterFactory factory) {
      checkArgument(
          factory instanceof Record || factory instanceof Enum<?>,
          "the factory of inverters is of %s, expected a record or an enum: tasks know by equals"
              + " that their executor has opened it already",
          factory.getClass());
      inverter = factory;
      return this;
    }

    /**
     * The options of each inversion. Listener and cancellation are not sent: Spark shows progress
     * and cancels.
     *
     * @throws IllegalArgumentException if there is a time limit, under which rows would depend on
     *     how busy the machines are, or a trace
     */
    @CanIgnoreReturnValue
    public Builder options(InversionOptions options) {
      checkArgument(
          options.timeLimit().isEmpty(),
          "the options have a time limit, under which results depend on the machine: expected"
              + " maxEmbeddings alone");
      checkArgument(!options.trace(), "the options ask for a trace, which no column holds");
      this.options = options;
      return this;
    }

    /** The name of the column that is added; {@code inversion} by default. */
    @CanIgnoreReturnValue
    public Builder outputColumn(String name) {
      checkArgument(!name.isBlank(), "outputColumn is blank");
      outputColumn = name;
      return this;
    }

    /**
     * How many rows of a partition are inverted together; 64 by default. So many rows are in memory
     * at a time, and are lost when their task fails.
     *
     * @throws IllegalArgumentException if below 1
     */
    @CanIgnoreReturnValue
    public Builder batchSize(int rows) {
      checkArgument(rows > 0, "batchSize must be at least 1, was %s", rows);
      batchSize = rows;
      return this;
    }

    /**
     * How many threads a task uses; 0, the default, for as many as it has CPUs ({@code
     * spark.task.cpus}).
     *
     * @throws IllegalArgumentException if negative or above 1,024
     */
    @CanIgnoreReturnValue
    public Builder threads(int threads) {
      checkArgument(
          threads >= 0 && threads <= MAX_THREADS,
          "threads must be from 0 to %s, was %s",
          MAX_THREADS,
          threads);
      this.threads = threads;
      return this;
    }

    /** The specification. */
    public InversionSpec build() {
      return new InversionSpec(
          new Values(
              inverter == null ? new PackageModels(model, inDirectory, variant) : inverter,
              options.maxEmbeddings(),
              options.noise().orElse(null),
              options.seed(),
              options.truncated().isPresent() ? (Integer) options.truncated().getAsInt() : null,
              options.searchAnyway(),
              outputColumn,
              batchSize,
              threads));
    }
  }
}
