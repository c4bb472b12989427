package io.vec2text.eval.internal.setup;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vec2text.Embedder;
import io.vec2text.eval.EvaluationSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The evaluation texts, and the corpus of the nearest-neighbour baseline. */
public abstract class TextOptions extends ExperimentOptions {
  private final String split;
  private final @Nullable Path texts;
  private final @Nullable String sha256;
  private final int limit;
  private final @Nullable Path corpus;
  private final @Nullable Path cache;

  /** Takes over what a builder holds. */
  protected TextOptions(Builder<?> b) {
    super(b);
    split = b.split;
    texts = b.texts;
    sha256 = b.sha256;
    limit = b.limit;
    corpus = b.corpus;
    cache = b.cache;
  }

  /** The shipped split, unless {@link #texts()} is there. */
  public final String split() {
    return split;
  }

  /** A file of the user's own texts, one a line, instead of a shipped split. */
  public final Optional<Path> texts() {
    return Optional.ofNullable(texts);
  }

  /** The hash that the file of texts must have; such texts are shown in no report. */
  public final Optional<String> sha256() {
    return Optional.ofNullable(sha256);
  }

  /** Texts of a bucket at most; 0 leaves sentences out. */
  public final int limit() {
    return limit;
  }

  /** Texts, one a line, over which to evaluate {@link NearestNeighbour} as well. */
  public final Optional<Path> corpus() {
    return Optional.ofNullable(corpus);
  }

  /**
   * The user's own texts, or the shipped sentences of the split.
   *
   * @throws IOException if the file can't be read
   * @throws IllegalArgumentException if it has another hash, holds no text, or is not in UTF-8
   */
  public final EvaluationSet readSentences() throws IOException {
    return texts == null ? EvaluationSet.shipped(split) : ownTexts(texts);
  }

  /**
   * The user's own texts, or the shipped passages of the split, to be cut.
   *
   * @throws IOException if the file can't be read
   * @throws IllegalArgumentException if it has another hash, holds no text, or is not in UTF-8
   */
  public final EvaluationSet readPassages() throws IOException {
    return texts == null ? EvaluationSet.shippedPassages(split) : ownTexts(texts);
  }

  private EvaluationSet ownTexts(Path file) throws IOException {
    return sha256 == null ? EvaluationSet.read(file) : EvaluationSet.read(file, sha256);
  }

  /**
   * The corpus as an inverter, if there is one. Its vectors are kept on disk.
   *
   * @throws IOException if the corpus or its vectors can't be read, or written
   */
  public final Optional<NearestNeighbour> nearestNeighbour(Embedder embedder, EvalListener listener)
      throws IOException {
    if (corpus == null) {
      return Optional.empty();
    }
    Path parent = corpus.toAbsolutePath().getParent();
    Path beside = parent == null ? Path.of("") : parent;
    return Optional.of(
        NearestNeighbour.open(
            corpus,
            cache == null ? beside : cache,
            embedder,
            listener,
            inversion().cancellation()));
  }

  /**
   * Builds options.
   *
   * @param <B> the builder's own type
   */
  public abstract static class Builder<B extends Builder<B>> extends ExperimentOptions.Builder<B> {
    private String split = "dev";
    private @Nullable Path texts;
    private @Nullable String sha256;
    private int limit;
    private @Nullable Path corpus;
    private @Nullable Path cache;

    /** Starts from the shipped dev sentences, and so many of each bucket. */
    protected Builder(int limit) {
      this.limit = limit;
    }

    /** The shipped split, {@code dev} (the default) or {@code test}. */
    @CanIgnoreReturnValue
    public final B split(String split) {
      checkArgument(
          split.equals("dev") || split.equals("test"),
          "split must be dev or test, was \"%s\"",
          split);
      this.split = split;
      return self();
    }

    /** A file of one's own texts, one a line, instead of a shipped split. */
    @CanIgnoreReturnValue
    public final B texts(Path file) {
      texts = requireNonNull(file, "texts");
      return self();
    }

    /**
     * The SHA-256 that the file of texts must have. Texts given with their hash may be under a
     * licence that lets nobody pass them on: they are shown in no report.
     */
    @CanIgnoreReturnValue
    public final B sha256(String hash) {
      sha256 = requireNonNull(hash, "sha256");
      return self();
    }

    /** Texts of a bucket at most; 0 leaves sentences out. */
    @CanIgnoreReturnValue
    public final B limit(int n) {
      checkArgument(n >= 0, "limit must be at least 0, was %s", n);
      limit = n;
      return self();
    }

    /** Texts, one a line, over which to evaluate {@link NearestNeighbour} as well. */
    @CanIgnoreReturnValue
    public final B corpus(Path file) {
      corpus = requireNonNull(file, "corpus");
      return self();
    }

    /** Directory in which the corpus's vectors are kept; by default that of the corpus. */
    @CanIgnoreReturnValue
    public final B cache(Path directory) {
      cache = requireNonNull(directory, "cache");
      return self();
    }
  }
}
