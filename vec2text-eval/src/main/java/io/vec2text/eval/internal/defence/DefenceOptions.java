package io.vec2text.eval.internal.defence;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vec2text.eval.EvaluationSet;
import io.vec2text.eval.internal.setup.ExperimentOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a {@link DefenceLab} measures. */
public final class DefenceOptions extends ExperimentOptions {
  private final Path collection;
  private final @Nullable Path cache;
  private final ImmutableList<Defence> defences;
  private final int sentences;
  private final int pairs;
  private final @Nullable EvaluationSet ownTexts;
  private final int trainingSteps;

  private DefenceOptions(Builder b) {
    super(b);
    collection = b.collection;
    cache = b.cache;
    defences = b.defences;
    sentences = b.sentences;
    pairs = b.pairs;
    ownTexts = b.ownTexts;
    trainingSteps = b.trainingSteps;
  }

  /**
   * Starts from the defaults: {@link Defence#standard}, 50 sentences of each length, 4,096 pairs,
   * default inversions.
   *
   * @param collection folder of a retrieval collection in the layout of BEIR: {@code corpus.jsonl},
   *     {@code queries.jsonl} and {@code qrels.tsv}, each plain or as {@code .xz}
   */
  public static Builder builder(Path collection) {
    return new Builder(collection);
  }

  /**
   * Checks that the files of a collection are there, without reading them.
   *
   * @throws IOException naming the file that is missing
   */
  public static void check(Path collection) throws IOException {
    RetrievalCollection.check(collection);
  }

  /** Folder of the retrieval collection. */
  public Path collection() {
    return collection;
  }

  /** Directory in which vectors are kept; by default that of the collection. */
  public Path cache() {
    return Optional.ofNullable(cache).orElse(collection);
  }

  /** The defences to measure; the standard ones if empty. */
  public List<Defence> defences() {
    return defences;
  }

  /** Sentences of each length to invert at most. */
  public int sentences() {
    return sentences;
  }

  /** Pairs that an attacker knows at most, a power of two. */
  public int pairs() {
    return pairs;
  }

  /**
   * Texts with which a third attacker makes pairs of its own, to train on; empty if there is none.
   */
  public Optional<EvaluationSet> ownTexts() {
    return Optional.ofNullable(ownTexts);
  }

  /** Steps of that training, of 256 pairs each. */
  public int trainingSteps() {
    return trainingSteps;
  }

  /** Builds {@link DefenceOptions}. */
  public static final class Builder extends ExperimentOptions.Builder<Builder> {
    private final Path collection;
    private @Nullable Path cache;
    private ImmutableList<Defence> defences = ImmutableList.of();
    private int sentences = 50;
    private int pairs = 4096;
    private @Nullable EvaluationSet ownTexts;
    private int trainingSteps;

    private Builder(Path collection) {
      this.collection = requireNonNull(collection, "collection");
    }

    @Override
    protected Builder self() {
      return this;
    }

    /** Directory in which vectors are kept; by default that of the collection. */
    @CanIgnoreReturnValue
    public Builder cache(Path directory) {
      cache = requireNonNull(directory, "cache");
      return this;
    }

    /** The defences to measure; {@link Defence#standard} by default. */
    @CanIgnoreReturnValue
    public Builder defences(List<Defence> defences) {
      this.defences = ImmutableList.copyOf(defences);
      return this;
    }

    /** Sentences of each length to invert at most; 50 by default. */
    @CanIgnoreReturnValue
    public Builder sentences(int n) {
      checkArgument(n > 0, "sentences must be at least 1, were %s", n);
      sentences = n;
      return this;
    }

    /**
     * Pairs that an attacker knows at most; 4,096 by default. With fewer other sentences in the
     * collection, it is the largest power of two of them.
     */
    @CanIgnoreReturnValue
    public Builder pairs(int n) {
      checkArgument(n > 0 && Integer.bitCount(n) == 1, "pairs must be a power of two, were %s", n);
      pairs = n;
      return this;
    }

    /**
     * Measures a third attacker, for all defences without a secret that the naive one does not
     * break: one who stores texts of his own, and trains on the pairs of vectors that this makes,
     * and on the known ones. There is none by default.
     *
     * @param texts at least one text; those that are to be inverted are left out
     * @param steps steps of 256 pairs, at least 1; each takes some 40 ms
     */
    @CanIgnoreReturnValue
    public Builder train(EvaluationSet texts, int steps) {
      checkArgument(texts.size() > 0, "training needs at least 1 text");
      checkArgument(steps > 0, "training steps must be at least 1, were %s", steps);
      ownTexts = texts;
      trainingSteps = steps;
      return this;
    }

    /** The options. */
    public DefenceOptions build() {
      return new DefenceOptions(this);
    }
  }
}
