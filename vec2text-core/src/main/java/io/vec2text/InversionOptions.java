package io.vec2text;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What an inversion may cost and how it is watched. Under an embeddings budget alone, the same
 * seed, machine and threads give the same result; a deadline makes it depend on the machine's
 * speed.
 */
public final class InversionOptions {
  private static final InversionOptions DEFAULTS = builder().build();

  private final int maxEmbeddings;
  private final @Nullable Duration timeLimit;
  private final @Nullable Double noise;
  private final long seed;
  private final boolean trace;
  private final @Nullable Integer truncated;
  private final boolean searchAnyway;
  private final InversionListener listener;
  private final Cancellation cancellation;

  private InversionOptions(Builder b) {
    maxEmbeddings = b.maxEmbeddings;
    timeLimit = b.timeLimit;
    noise = b.noise;
    seed = b.seed;
    trace = b.trace;
    truncated = b.truncated;
    searchAnyway = b.searchAnyway;
    listener = b.listener;
    cancellation = b.cancellation;
  }

  /** 1,000 embeddings a vector, no deadline, seed 0, no trace. */
  public static InversionOptions defaults() {
    return DEFAULTS;
  }

  /** Starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Starts from these options, to change some. */
  public Builder toBuilder() {
    Builder b = new Builder();
    b.maxEmbeddings = maxEmbeddings;
    b.timeLimit = timeLimit;
    b.noise = noise;
    b.seed = seed;
    b.trace = trace;
    b.truncated = truncated;
    b.searchAnyway = searchAnyway;
    b.listener = listener;
    b.cancellation = cancellation;
    return b;
  }

  /** The texts that may be embedded for one vector. */
  public int maxEmbeddings() {
    return maxEmbeddings;
  }

  /** The work that may be spent on one vector, if limited. */
  public Optional<Duration> timeLimit() {
    return Optional.ofNullable(timeLimit);
  }

  /** The noise that was declared; if none, it is detected from each vector's components. */
  public Optional<Double> noise() {
    return Optional.ofNullable(noise);
  }

  /** The seed of all random choices. */
  public long seed() {
    return seed;
  }

  /** Whether results carry the best hypothesis of every round. */
  public boolean trace() {
    return trace;
  }

  /** How many of a vector's first components are left, if that was declared. */
  public OptionalInt truncated() {
    return truncated == null ? OptionalInt.empty() : OptionalInt.of(truncated);
  }

  /** Whether vectors are searched that seem to be another model's. */
  public boolean searchAnyway() {
    return searchAnyway;
  }

  /** Hears of finished items. */
  public InversionListener listener() {
    return listener;
  }

  /** Stops the call early. */
  public Cancellation cancellation() {
    return cancellation;
  }

  /** Builds {@link InversionOptions}. */
  public static final class Builder {
    private int maxEmbeddings = 1000;
    private @Nullable Duration timeLimit;
    private @Nullable Double noise;
    private long seed;
    private boolean trace;
    private @Nullable Integer truncated;
    private boolean searchAnyway;
    private InversionListener listener = (index, outcome) -> {};
    private Cancellation cancellation = new Cancellation();

    private Builder() {}

    /**
     * The texts that may be embedded for one vector; 1,000 by default.
     *
     * @throws IllegalArgumentException if below 1
     */
    @CanIgnoreReturnValue
    public Builder maxEmbeddings(int n) {
      checkArgument(n > 0, "maxEmbeddings must be at least 1, was %s", n);
      maxEmbeddings = n;
      return this;
    }

    /**
     * The work that may be spent on one vector; unlimited by default. When many vectors are
     * searched side by side, each is charged its share of the time.
     *
     * @throws IllegalArgumentException if not above zero
     */
    @CanIgnoreReturnValue
    public Builder timeLimit(Duration work) {
      checkArgument(
          !work.isNegative() && !work.isZero(), "timeLimit must be above zero, was %s", work);
      timeLimit = work;
      return this;
    }

    /**
     * How far vectors are from those that the embedder gave: length of the error relative to that
     * of the vector. By default it is detected from the vector's components ({@link
     * StoredPrecision#of}); declare what can't be seen of them, such as another runtime or noise
     * that was added on purpose.
     *
     * @throws IllegalArgumentException if not in [0, 1)
     */
    @CanIgnoreReturnValue
    public Builder noise(double relative) {
      checkArgument(relative >= 0 && relative < 1, "noise must be in [0, 1), was %s", relative);
      noise = relative;
      return this;
    }

    /**
     * The seed of all random choices; 0 by default. {@link io.vec2text.search.Search#pool()} makes
     * none where it has edits.
     */
    @CanIgnoreReturnValue
    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /** Whether results carry the best hypothesis of every round; false by default. */
    @CanIgnoreReturnValue
    public Builder trace(boolean trace) {
      this.trace = trace;
      return this;
    }

    /**
     * Declares that vectors were truncated: that only their first components are left. They may
     * have that many, or be filled up to the space's dimension with anything, which is not looked
     * at. By default a vector has all its components; one that ends in zeros is seen to be
     * truncated without this.
     *
     * @param components the components that are left, at least 1, fewer than the space has
     * @throws IllegalArgumentException if below 1
     */
    @CanIgnoreReturnValue
    public Builder truncated(int components) {
      checkArgument(components > 0, "truncated must be at least 1, was %s", components);
      truncated = components;
      return this;
    }

    /**
     * Whether vectors are searched that seem to be another model's ({@link
     * Evidence.Kind#OTHER_MODEL}); false by default: nothing is spent on them.
     */
    @CanIgnoreReturnValue
    public Builder searchAnyway(boolean anyway) {
      searchAnyway = anyway;
      return this;
    }

    /** Hears of finished items; nobody by default. */
    @CanIgnoreReturnValue
    public Builder listener(InversionListener listener) {
      this.listener = requireNonNull(listener, "listener");
      return this;
    }

    /** Stops the call early; by default only an interrupt does. */
    @CanIgnoreReturnValue
    public Builder cancellation(Cancellation cancellation) {
      this.cancellation = requireNonNull(cancellation, "cancellation");
      return this;
    }

    /** The options. */
    public InversionOptions build() {
      return new InversionOptions(this);
    }
  }
}
