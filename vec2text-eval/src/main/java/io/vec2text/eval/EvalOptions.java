package io.vec2text.eval;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vec2text.InversionOptions;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an {@link EvalRunner} evaluates. */
public final class EvalOptions {
  private final String split;
  private final @Nullable Path texts;
  private final @Nullable String bucket;
  private final int cut;
  private final int limit;
  private final InversionOptions inversion;
  private final Storage storage;
  private final String search;
  private final boolean floors;
  private final @Nullable Path corpus;
  private final @Nullable Path cache;
  private final boolean curve;
  private final int neighbours;
  private final int examples;
  private final @Nullable Path json;
  private final int passages;
  private final @Nullable Path passageTexts;
  private final int threads;
  private final ImmutableMap<String, String> versions;

  private EvalOptions(Builder b) {
    split = b.split;
    texts = b.texts;
    bucket = b.bucket;
    cut = b.cut;
    limit = b.limit;
    inversion = b.inversion;
    storage = b.storage;
    search = b.search;
    floors = b.floors;
    corpus = b.corpus;
    cache = b.cache;
    curve = b.curve;
    neighbours = b.neighbours;
    examples = b.examples;
    json = b.json;
    passages = b.passages;
    passageTexts = b.passageTexts;
    threads = b.threads;
    versions = b.versions;
  }

  /**
   * Starts from the defaults: the shipped dev sentences, 500 a bucket, default inversions of
   * vectors in single precision, no floors, no examples, no passages.
   */
  public static Builder builder() {
    return new Builder();
  }

  /** The shipped split, unless {@link #texts()} is there. */
  public String split() {
    return split;
  }

  /** A file of the user's own texts, one a line, instead of a shipped split. */
  public Optional<Path> texts() {
    return Optional.ofNullable(texts);
  }

  /** The one bucket to evaluate; all if empty. */
  public Optional<String> bucket() {
    return Optional.ofNullable(bucket);
  }

  /** Tokens to which passages are cut, to be evaluated in place of sentences; 0 for sentences. */
  public int cut() {
    return cut;
  }

  /** Texts of a bucket at most; 0 leaves sentences out. */
  public int limit() {
    return limit;
  }

  /** The options of each inversion. Its seed is that of the draw, too; its listener isn't used. */
  public InversionOptions inversion() {
    return inversion;
  }

  /** The number format in which a store keeps the vectors. */
  public Storage storage() {
    return storage;
  }

  /** What to call the inverter in tables. */
  public String search() {
    return search;
  }

  /** Whether to evaluate {@link RandomSentence} as well. */
  public boolean floors() {
    return floors;
  }

  /** Texts, one a line, over which to evaluate {@link NearestNeighbour} as well. */
  public Optional<Path> corpus() {
    return Optional.ofNullable(corpus);
  }

  /** Directory of the corpus's vectors; the directory of the corpus if empty. */
  public Optional<Path> cache() {
    return Optional.ofNullable(cache);
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

  /** Where to write the figures as JSON. */
  public Optional<Path> json() {
    return Optional.ofNullable(json);
  }

  /** Passages to check of each length; 0 leaves them out. */
  public int passages() {
    return passages;
  }

  /** A file of the user's own passages, one a line, instead of the shipped ones. */
  public Optional<Path> passageTexts() {
    return Optional.ofNullable(passageTexts);
  }

  /** Threads that the models run on, for the provenance. */
  public int threads() {
    return threads;
  }

  /** Versions of models and libraries, for the provenance. */
  public Map<String, String> versions() {
    return versions;
  }

  /** Builds {@link EvalOptions}. */
  public static final class Builder {
    private String split = "dev";
    private @Nullable Path texts;
    private @Nullable String bucket;
    private int cut;
    private int limit = 500;
    private InversionOptions inversion = InversionOptions.defaults();
    private Storage storage = Storage.FLOAT32;
    private String search = "default";
    private boolean floors;
    private @Nullable Path corpus;
    private @Nullable Path cache;
    private boolean curve;
    private int neighbours;
    private int examples;
    private @Nullable Path json;
    private int passages;
    private @Nullable Path passageTexts;
    private int threads = Runtime.getRuntime().availableProcessors();
    private ImmutableMap<String, String> versions = ImmutableMap.of();

    private Builder() {}

    /** The shipped split, {@code dev} (the default) or {@code test}. */
    @CanIgnoreReturnValue
    public Builder split(String split) {
      checkArgument(
          split.equals("dev") || split.equals("test"),
          "split must be dev or test, was \"%s\"",
          split);
      this.split = split;
      return this;
    }

    /** A file of one's own texts, one a line, instead of a shipped split. */
    @CanIgnoreReturnValue
    public Builder texts(Path file) {
      texts = requireNonNull(file, "texts");
      return this;
    }

    /** The one bucket to evaluate, for example {@code 9-16}; by default all. */
    @CanIgnoreReturnValue
    public Builder bucket(String bucket) {
      this.bucket = requireNonNull(bucket, "bucket");
      return this;
    }

    /**
     * Evaluates passages (the shipped ones, or {@link #texts}), cut to runs of whole words of
     * exactly {@code tokens} tokens, special ones not counted, in place of sentences.
     */
    @CanIgnoreReturnValue
    public Builder cut(int tokens) {
      checkArgument(tokens >= 0, "cut must be at least 0, was %s", tokens);
      cut = tokens;
      return this;
    }

    /** Texts of a bucket at most; 500 by default, 0 leaves sentences out. */
    @CanIgnoreReturnValue
    public Builder limit(int n) {
      checkArgument(n >= 0, "limit must be at least 0, was %s", n);
      limit = n;
      return this;
    }

    /** The options of each inversion; {@link InversionOptions#defaults()} by default. */
    @CanIgnoreReturnValue
    public Builder inversion(InversionOptions inversion) {
      this.inversion = requireNonNull(inversion, "inversion");
      return this;
    }

    /** The number format in which a store keeps the vectors; single precision by default. */
    @CanIgnoreReturnValue
    public Builder storage(Storage storage) {
      this.storage = requireNonNull(storage, "storage");
      return this;
    }

    /** What to call the inverter in tables; {@code default} by default. */
    @CanIgnoreReturnValue
    public Builder search(String name) {
      search = requireNonNull(name, "search");
      return this;
    }

    /** Whether to evaluate {@link RandomSentence} as well; false by default. */
    @CanIgnoreReturnValue
    public Builder floors(boolean floors) {
      this.floors = floors;
      return this;
    }

    /** Texts, one a line, over which to evaluate {@link NearestNeighbour} as well. */
    @CanIgnoreReturnValue
    public Builder corpus(Path file) {
      corpus = requireNonNull(file, "corpus");
      return this;
    }

    /** Directory in which the corpus's vectors are kept; by default that of the corpus. */
    @CanIgnoreReturnValue
    public Builder cache(Path directory) {
      cache = requireNonNull(directory, "cache");
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

    /** Where to write the figures as JSON; nowhere by default. */
    @CanIgnoreReturnValue
    public Builder json(Path file) {
      json = requireNonNull(file, "json");
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

    /** Threads that the models run on, for the provenance; all processors by default. */
    @CanIgnoreReturnValue
    public Builder threads(int n) {
      checkArgument(n > 0, "threads must be at least 1, were %s", n);
      threads = n;
      return this;
    }

    /** Versions of models and libraries, for the provenance. */
    @CanIgnoreReturnValue
    public Builder versions(Map<String, String> versions) {
      this.versions = ImmutableMap.copyOf(versions);
      return this;
    }

    /** The options. */
    public EvalOptions build() {
      return new EvalOptions(this);
    }
  }
}
