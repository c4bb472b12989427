package io.vec2text.eval.internal.experiments;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vec2text.eval.internal.setup.TextOptions;
import java.util.List;

/** What a {@link Sweep} goes through. */
public final class SweepOptions extends TextOptions {
  private final Sweep.Over over;
  private final ImmutableList<Integer> values;
  private final ImmutableList<Integer> widths;
  private final ImmutableList<Domain> domains;

  private SweepOptions(Builder b) {
    super(b);
    over = b.over;
    values = b.values;
    widths = b.widths;
    domains = b.domains;
  }

  /**
   * Starts from the defaults: 50 texts of each setting.
   *
   * @param over what changes
   */
  public static Builder builder(Sweep.Over over) {
    return new Builder(over);
  }

  /** What changes. */
  public Sweep.Over over() {
    return over;
  }

  /** The values that it takes; the usual ones if empty. */
  public List<Integer> values() {
    return values;
  }

  /** Widths of the search, for {@link Sweep.Over#STEPS}. */
  public List<Integer> widths() {
    return widths;
  }

  /** Styles of text, for {@link Sweep.Over#DOMAIN}. */
  public List<Domain> domains() {
    return domains;
  }

  /** Builds {@link SweepOptions}. */
  public static final class Builder extends TextOptions.Builder<Builder> {
    private static final int LIMIT = 50;
    private final Sweep.Over over;
    private ImmutableList<Integer> values = ImmutableList.of();
    private ImmutableList<Integer> widths = ImmutableList.of(1, 4, 8);
    private ImmutableList<Domain> domains = ImmutableList.of();

    private Builder(Sweep.Over over) {
      super(LIMIT);
      this.over = requireNonNull(over, "over");
    }

    @Override
    protected Builder self() {
      return this;
    }

    /** The values that it takes, at least {@link Sweep.Over#least}; by default the usual ones. */
    @CanIgnoreReturnValue
    public Builder values(List<Integer> values) {
      for (int value : values) {
        checkArgument(
            value >= over.least(),
            "values of a sweep over %s must be at least %s, one was %s",
            over,
            over.least(),
            value);
      }
      this.values = ImmutableList.copyOf(values);
      return this;
    }

    /** Widths of the search, each at least 1; 1, 4 and 8 by default. */
    @CanIgnoreReturnValue
    public Builder widths(List<Integer> widths) {
      for (int width : widths) {
        checkArgument(width > 0, "widths must be at least 1, one was %s", width);
      }
      this.widths = ImmutableList.copyOf(widths);
      return this;
    }

    /** Styles of text to go through; the sentences of the options come first. */
    @CanIgnoreReturnValue
    public Builder domains(List<Domain> domains) {
      this.domains = ImmutableList.copyOf(domains);
      return this;
    }

    /** The options. */
    public SweepOptions build() {
      return new SweepOptions(this);
    }
  }
}
