package io.vec2text.eval.internal.runner;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vec2text.eval.Storage;
import io.vec2text.eval.internal.setup.RandomSentence;
import io.vec2text.eval.internal.setup.TextOptions;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an {@link EvalRunner} evaluates. */
public final class EvalOptions extends TextOptions {
  private final @Nullable String bucket;
  private final int cut;
  private final Storage storage;
  private final boolean floors;
  private final boolean curve;
  private final int neighbours;
  private final int examples;
  private final int passages;
  private final @Nullable Path passageTexts;

  private EvalOptions(Builder b) {
    super(b);
    bucket = b.bucket;
    cut = b.cut;
    storage = b.storage;
    floors = b.floors;
    curve = b.curve;
    neighbours = b.neighbours;
    examples = b.examples;
    passages = b.passages;
    passageTexts = b.passageTexts;
  }

  /**
   * Starts from the defaults: the shipped dev sentences, 500 a bucket, default inversions of
   * vectors in single precision, no floors, no examples, no passages.
   */
  public static Builder builder() {
    return new Builder();
  }

  /** The one bucket to evaluate; all if empty. */
  public Optional<String> bucket() {
    return Optional.ofNullable(bucket);
  }

  /** Tokens to which passages are cut, to be evaluated in place of sentences; 0 for sentences. */
  public int cut() {
    return cut;
  }

  /** What a store leaves of the vectors. */
  public Storage storage() {
    return storage;
  }

  /** Whether to evaluate {@link RandomSentence} as well. */
  public boolean floors() {
    return floors;
  }

  /** Whether to show quality against cost. */
  public boolean curve() {
    return curve;
  }

  /** Texts of a bucket whose wrong neighbours to check at most; 0 leaves them out. */
  public int neighbours() {
    return neighbours;
  }

  /** Pairs of target and recovered text to print of each bucket. */
  public int examples() {
    return examples;
  }

  /** Passages to check of each length; 0 leaves them out. */
  public int passages() {
    return passages;
  }

  /** A file of the user's own passages, one a line, instead of the shipped ones. */
  public Optional<Path> passageTexts() {
    return Optional.ofNullable(passageTexts);
  }

  /** Builds {@link EvalOptions}. */
  public static final class Builder extends TextOptions.Builder<Builder> {
    private @Nullable String bucket;
    private int cut;
    private Storage storage = Storage.NumberFormat.FLOAT32;
    private boolean floors;
    private boolean curve;
    private int neighbours;
    private int examples;
    private int passages;
    private @Nullable Path passageTexts;

    private Builder() {
      super(500);
    }

    @Override
    protected Builder self() {
      return this;
    }

    /** The one bucket to evaluate, for example {@code 9-16}; by default all. */
    @CanIgnoreReturnValue
    public Builder bucket(String bucket) {
      this.bucket = requireNonNull(bucket, "bucket");
      return this;
    }

    /**
     * Evaluates passages (the shipped ones, or {@link #texts texts}), cut to runs of whole words of
     * exactly {@code tokens} tokens, special ones not counted, in place of sentences.
     */
    @CanIgnoreReturnValue
    public Builder cut(int tokens) {
      checkArgument(tokens >= 0, "cut must be at least 0, was %s", tokens);
      cut = tokens;
      return this;
    }

    /** What a store leaves of the vectors; by default all, in single precision. */
    @CanIgnoreReturnValue
    public Builder storage(Storage storage) {
      this.storage = requireNonNull(storage, "storage");
      return this;
    }

    /** Whether to evaluate {@link RandomSentence} as well; false by default. */
    @CanIgnoreReturnValue
    public Builder floors(boolean floors) {
      this.floors = floors;
      return this;
    }

    /** Whether to show quality against cost; false by default. */
    @CanIgnoreReturnValue
    public Builder curve(boolean curve) {
      this.curve = curve;
      return this;
    }

    /** Texts of a bucket whose wrong neighbours to check; 0, none, by default. */
    @CanIgnoreReturnValue
    public Builder neighbours(int n) {
      checkArgument(n >= 0, "neighbours must be at least 0, were %s", n);
      neighbours = n;
      return this;
    }

    /** Pairs of target and recovered text to print of each bucket; 0 by default. */
    @CanIgnoreReturnValue
    public Builder examples(int n) {
      checkArgument(n >= 0, "examples must be at least 0, were %s", n);
      examples = n;
      return this;
    }

    /** Passages to check of each length; 0, none, by default; 200 are shipped. */
    @CanIgnoreReturnValue
    public Builder passages(int n) {
      checkArgument(n >= 0, "passages must be at least 0, were %s", n);
      passages = n;
      return this;
    }

    /** A file of one's own passages, one a line, instead of the shipped ones. */
    @CanIgnoreReturnValue
    public Builder passageTexts(Path file) {
      passageTexts = requireNonNull(file, "passageTexts");
      return this;
    }

    /** The options. */
    public EvalOptions build() {
      return new EvalOptions(this);
    }
  }
}
