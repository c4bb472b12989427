package io.vec2text.eval.internal.experiments;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vec2text.eval.internal.setup.TextOptions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a {@link SystemsTable} measures. */
public final class TableOptions extends TextOptions {
  /** Tokens of the published setting. */
  static final int PUBLISHED_TOKENS = 32;

  private final int steps;
  private final int width;
  private final @Nullable String bucket;

  private TableOptions(Builder b) {
    super(b);
    steps = b.steps;
    width = b.width;
    bucket = b.bucket;
  }

  /** Starts from the defaults: 100 texts of each setting, 50 steps, 8 hypotheses. */
  public static Builder builder() {
    return new Builder();
  }

  /** Corrections of the rows with many. */
  public int steps() {
    return steps;
  }

  /** Hypotheses of sequence beam search. */
  public int width() {
    return width;
  }

  /** The one setting to measure; all if empty. */
  public Optional<String> bucket() {
    return Optional.ofNullable(bucket);
  }

  /** Builds {@link TableOptions}. */
  public static final class Builder extends TextOptions.Builder<Builder> {
    private static final int LIMIT = 100;
    private int steps = 50;
    private int width = 8;
    private @Nullable String bucket;

    private Builder() {
      super(LIMIT);
    }

    @Override
    protected Builder self() {
      return this;
    }

    /** Corrections of the rows with many; 50, as published, by default. */
    @CanIgnoreReturnValue
    public Builder steps(int n) {
      checkArgument(n > 1, "steps must be at least 2, were %s", n);
      steps = n;
      return this;
    }

    /** Hypotheses of sequence beam search; 8, as published, by default. */
    @CanIgnoreReturnValue
    public Builder width(int n) {
      checkArgument(n > 1, "width must be at least 2, was %s", n);
      width = n;
      return this;
    }

    /** The one setting to measure, for example {@code 9-16}; by default all. */
    @CanIgnoreReturnValue
    public Builder bucket(String bucket) {
      this.bucket = requireNonNull(bucket, "bucket");
      return this;
    }

    /** The options. */
    public TableOptions build() {
      return new TableOptions(this);
    }
  }
}
