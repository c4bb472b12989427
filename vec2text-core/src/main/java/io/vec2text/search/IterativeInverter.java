package io.vec2text.search;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import io.vec2text.Vec2TextException;
import io.vec2text.internal.CloseGuard;
import io.vec2text.spi.Corrector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Inverts vectors in the loop of Morris et al. 2023: guess a text, embed the guess, compare with
 * the target vector, correct the guess, repeat. What is guessed and corrected, a {@link Search}
 * decides.
 *
 * <pre>{@code
 * try (Inverter inverter =
 *     IterativeInverter.builder(embedder, corrector).search(Search.pool()).build()) {
 *   InversionResult result = inverter.invert(vector);
 * }
 * }</pre>
 *
 * <p>A batch is searched a window of vectors at a time, whose models' calls are shared; a vector
 * that is done makes room for the next. The result for a vector does not depend on the rest of the
 * batch: its random choices are seeded by {@link InversionOptions#seed()} and the vector itself.
 * (Embedders whose arithmetic depends on the batch break that by their rounding errors.)
 *
 * <p>An exception of embedder, corrector or initial inverter fails the vectors that it concerns,
 * and no others: a call for several vectors that fails is repeated for each of them alone.
 *
 * <p>On cancellation or interruption every unfinished vector returns its best hypothesis so far, or
 * an empty text with cosine 0. The thread's interrupt status is preserved. Calls of embedder and
 * corrector are sized by measured time, so that more texts in a call add at most a fifth of a
 * second to it; what one text takes, such as a service's round trip, comes on top.
 *
 * <p>Vectors are examined before they are searched, and results report what they show ({@link
 * io.vec2text.InversionResult#evidence()}); most of that needs the corrector's {@link
 * Corrector#vectorStatistics()}. Another model's vector is not searched ({@link
 * InversionOptions#searchAnyway()}). Where only the signs or the first components are left, guesses
 * are compared in the same form, and the models are shown the vector that is expected behind it.
 * The cosine of signs is estimated from how likely they are, given the guess. A vector that comes
 * again in a batch is searched once; the empty text is embedded once and tried before any search.
 *
 * <p>If the corrector is a {@link io.vec2text.spi.WordPredictor}, results carry the words that the
 * text most likely holds. A text beyond the corrector's range can't be found: on one that seems to
 * be, at most 200 embeddings are spent, unless those come as close as {@link
 * io.vec2text.Verdict#CLOSE}.
 */
public final class IterativeInverter implements Inverter {
  private final Embedder embedder;
  private final Corrector corrector;
  private final @Nullable Inverter initial;
  private final Search search;
  private final int maxConcurrentTargets;
  private final boolean owner;
  private final Examiner examiner;
  private final EmptyText emptyText;
  private final Counters counters = new Counters();
  private final ModelCalls.Sizes sizes = new ModelCalls.Sizes();
  private final SearchThreads threads;
  private final CloseGuard gate = new CloseGuard("inverter");

  private IterativeInverter(Builder b) {
    embedder = b.embedder;
    corrector = b.corrector;
    initial = b.initial;
    search = b.search;
    examiner = new Examiner(embedder.space(), corrector.vectorStatistics().orElse(null));
    emptyText = new EmptyText(embedder);
    maxConcurrentTargets = b.maxConcurrentTargets;
    threads = b.shared == null ? new SearchThreads(b.threads) : b.shared;
    owner = b.owner;
  }

  /**
   * Starts building an inverter that owns the embedder and the corrector: it closes them when it is
   * closed.
   */
  public static Builder builder(Embedder embedder, Corrector corrector) {
    return new Builder(embedder, corrector);
  }

  /**
   * An inverter that searches otherwise, with the same models. They stay this inverter's: closing
   * the other one closes none of them, and it is of no use once this one is closed.
   */
  public IterativeInverter with(Search search) {
    return with(embedder, search);
  }

  /**
   * An inverter that compares its guesses by another embedder of the same space, for example one
   * that does to vectors what was done to the target. Otherwise as {@link #with(Search)}; the
   * embedder stays the caller's.
   */
  public IterativeInverter with(Embedder oracle) {
    return with(requireNonNull(oracle, "oracle"), search);
  }

  private IterativeInverter with(Embedder oracle, Search other) {
    Builder b = builder(oracle, corrector).search(other).maxConcurrentTargets(maxConcurrentTargets);
    b.initial = initial;
    b.shared = threads;
    b.owner = false;
    return b.build();
  }

  @Override
  public EmbeddingSpace space() {
    return embedder.space();
  }

  @Override
  public List<Outcome> invertAll(List<float[]> vectors, InversionOptions options) {
    requireNonNull(options, "options");
    return gate.pass(() -> run(vectors, options));
  }

  private List<Outcome> run(List<float[]> vectors, InversionOptions options) {
    CallLimits limits = new CallLimits(options);
    ModelCalls models = new ModelCalls(embedder, corrector, options, limits, sizes, counters);
    SearchContext context = new SearchContext(embedder, corrector, models, limits, threads);
    return new InversionCall(this, context, limits, options).invertAll(vectors);
  }

  /** Whether the models were made for vectors of unit length. */
  boolean normalized() {
    return corrector.space().normalized();
  }

  Search search() {
    return search;
  }

  @Nullable Inverter initial() {
    return initial;
  }

  Examiner examiner() {
    return examiner;
  }

  EmptyText emptyText() {
    return emptyText;
  }

  Counters counters() {
    return counters;
  }

  int maxConcurrentTargets() {
    return maxConcurrentTargets;
  }

  /** What was spent since this inverter was built, and which sources of candidates paid off. */
  public SearchStatistics statistics() {
    return counters.snapshot();
  }

  /**
   * Waits for calls in flight and closes embedder, corrector and initial inverter, each once. Must
   * not be called by a listener of a call in flight.
   */
  @Override
  public void close() {
    gate.close(this::release);
  }

  private void release() {
    if (!owner) {
      return;
    }
    threads.close();
    // One object may serve as several of them.
    Object e = embedder;
    Object c = corrector;
    try (Embedder first = embedder;
        @Nullable Corrector second = c == e ? null : corrector;
        @Nullable Inverter third = initial == c || initial == e ? null : initial) {
      // All are closed, even if closing one fails.
    }
  }

  @Override
  public String toString() {
    return "IterativeInverter[space=" + space() + ", search=" + search + "]";
  }

  /** Builds an {@link IterativeInverter}. */
  public static final class Builder {
    private final Embedder embedder;
    private final Corrector corrector;
    private @Nullable Inverter initial;
    private Search search = Search.pool();
    private int maxConcurrentTargets = 16;
    private int threads;
    private @Nullable SearchThreads shared;
    private boolean owner = true;

    private Builder(Embedder embedder, Corrector corrector) {
      this.embedder = requireNonNull(embedder, "embedder");
      this.corrector = requireNonNull(corrector, "corrector");
    }

    /**
     * Makes the first guesses, and is owned by the inverter as the others are; by default the
     * corrector makes them. Its text and alternatives are the first hypotheses; what it spends,
     * half of the embeddings at most, counts.
     */
    @CanIgnoreReturnValue
    public Builder initial(Inverter initial) {
      this.initial = requireNonNull(initial, "initial");
      return this;
    }

    /** The strategy; {@link Search#pool()} by default. */
    @CanIgnoreReturnValue
    public Builder search(Search search) {
      this.search = requireNonNull(search, "search");
      return this;
    }

    /**
     * How many vectors of a batch are searched side by side; 16 by default. More make larger
     * batches for the models, and need more memory: about 3 MB a vector at 1,000 embeddings of 384
     * dimensions.
     *
     * @throws IllegalArgumentException if below 1
     */
    @CanIgnoreReturnValue
    public Builder maxConcurrentTargets(int targets) {
      checkArgument(targets > 0, "maxConcurrentTargets must be at least 1, was %s", targets);
      maxConcurrentTargets = targets;
      return this;
    }

    /**
     * How many threads one call computes on besides the models' own, that of its caller included;
     * 0, the default, for one a core. With 1 a search never leaves the caller's thread. Other
     * threads are the inverter's own, shared by its calls and by inverters made of it; they are
     * daemons and end when idle. The results are the same.
     *
     * @throws IllegalArgumentException if negative
     */
    @CanIgnoreReturnValue
    public Builder threads(int threads) {
      checkArgument(threads >= 0, "threads must not be negative, but was: %s", threads);
      this.threads = threads;
      return this;
    }

    /**
     * The inverter.
     *
     * @throws Vec2TextException if embedder, corrector and initial inverter are not of one space:
     *     model, dimension, prefix and, where known, pooling; numeric variants may differ
     */
    public IterativeInverter build() {
      checkSpace("corrector", corrector.space());
      if (initial != null) {
        checkSpace("initial inverter", initial.space());
      }
      return new IterativeInverter(this);
    }

    private void checkSpace(String what, EmbeddingSpace other) {
      EmbeddingSpace space = embedder.space();
      boolean pooling =
          space.pooling() == other.pooling()
              || space.pooling() == EmbeddingSpace.Pooling.UNKNOWN
              || other.pooling() == EmbeddingSpace.Pooling.UNKNOWN;
      if (!pooling
          || !space.modelId().equals(other.modelId())
          || space.dimension() != other.dimension()
          || !space.prefix().equals(other.prefix())) {
        throw new Vec2TextException(
            "the "
                + what
                + " is for "
                + describe(other)
                + ", but the embedder is "
                + describe(space));
      }
    }

    private static String describe(EmbeddingSpace s) {
      return String.format("%s, pooling %s, prefix '%s'", s, s.pooling(), s.prefix());
    }
  }
}
