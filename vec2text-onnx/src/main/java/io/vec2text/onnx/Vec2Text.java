package io.vec2text.onnx;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import io.vec2text.search.IterativeInverter;
import io.vec2text.search.Search;
import io.vec2text.search.SearchStatistics;
import io.vec2text.spi.Corrector;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The front door: opens a trained model package and its embedder as one {@link Inverter}.
 *
 * <pre>{@code
 * try (Vec2Text inverter = Vec2Text.open("sentence-transformers/all-MiniLM-L6-v2")) {
 *   InversionResult result = inverter.invert(vector); // float[384]
 *   System.out.println(result.verdict() + " " + result.text());
 * }
 * }</pre>
 *
 * <p>One instance serves many threads at once. It never touches the network. Closing it waits for
 * calls in flight. For all-MiniLM-L6-v2 it holds about 350 MB outside the Java heap, and while it
 * searches up to 250 MB more; docs/results/performance.md has what bounds that.
 */
public final class Vec2Text implements Inverter {
  private final ModelPackage model;
  private final DeviceChoice device;
  private final Embedder embedder;
  private final IterativeInverter inverter;
  private final Corrector corrector;
  private final UnaryOperator<Inverter> outer;
  private final Models.@Nullable Surface surface;
  private final Search search;
  private final int threads;

  private Vec2Text(Builder builder, OpenedPackage opened) {
    model = opened.model();
    device = opened.device();
    outer = opened.outer();
    embedder = requireNonNull(opened.models().embedder());
    corrector = opened.models().corrector();
    search = builder.search;
    threads = builder.threads;
    surface = opened.models().surface();
    inverter =
        IterativeInverter.builder(
                surface == null ? embedder : surface.forms().usualForms(embedder), corrector)
            .search(search)
            .maxConcurrentTargets(builder.maxConcurrentTargets)
            .threads(threads)
            .build();
  }

  /**
   * Opens the package for an embedding model, found on the class path, with defaults.
   *
   * @param modelId for example {@code sentence-transformers/all-MiniLM-L6-v2}, or its last part
   * @throws ModelFormatException if there is no such package, or it is damaged
   * @throws io.vec2text.onnx.DeviceException if ONNX Runtime is missing, or there twice
   */
  public static Vec2Text open(String modelId) {
    return builder().model(modelId).open();
  }

  /** Starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The embedder that guesses are compared by: of the base space if the package is a bridge whose
   * embedder cannot be called. It is closed with this inverter.
   */
  public Embedder embedder() {
    return embedder;
  }

  /**
   * The models that write guesses and corrections, to build an {@link IterativeInverter} of one's
   * own with. It is closed with this inverter.
   */
  public Corrector corrector() {
    return corrector;
  }

  /** Versions of the models and of the runtime, by name, for provenance. */
  public Map<String, String> versions() {
    return ImmutableMap.of(
        "models",
        model.name() + " " + model.sha256(),
        "onnxruntime",
        OrtRuntime.environment().getVersion(),
        "device",
        device.device().toString());
  }

  /**
   * An inverter that searches otherwise, with the same models. They stay this one's: closing the
   * other closes none of them, and it is of no use once this one is closed.
   */
  public Inverter with(Search search) {
    return outer.apply(inverter.with(search));
  }

  /**
   * An inverter with the same models and search that compares its guesses by another embedder of
   * the same space, for example one that does to vectors what was done to the target. Neither
   * inverter closes that embedder; otherwise as {@link #with(Search)}.
   */
  public Inverter with(Embedder oracle) {
    return surface == null
        ? outer.apply(inverter.with(oracle))
        : surface.around(inverter.with(surface.forms().usualForms(oracle)), oracle);
  }

  /**
   * Tells which variant of the embedding model made vectors, of those on the class path: searches
   * for one after the other with each variant to compare guesses by, until a text is found exactly.
   * Wrong texts give no hint, however near, so that nothing is told where nothing is found.
   *
   * @param vectors some of them, the shorter their texts the better; malformed ones tell nothing
   * @param options of each search
   * @return the variant, for {@link Builder#variant}; empty if no text was found exactly
   * @throws ModelFormatException if the package of a variant is damaged
   */
  public Optional<String> variantOf(List<float[]> vectors, InversionOptions options) {
    return new VariantDetector(this, search, threads).detect(vectors, options);
  }

  /** The device in use. */
  public Device device() {
    return device.device();
  }

  /** Why CUDA is not used, if {@link Device#AUTO} fell back to the CPU. */
  public Optional<String> deviceReason() {
    return device.fallbackReason();
  }

  /** The model package in use. */
  public ModelPackage model() {
    return model;
  }

  /** What was spent on searches so far, and what paid off. */
  public SearchStatistics statistics() {
    return inverter.statistics();
  }

  @Override
  public EmbeddingSpace space() {
    return outer.apply(inverter).space();
  }

  @Override
  public List<Outcome> invertAll(List<float[]> vectors, InversionOptions options) {
    return outer.apply(inverter).invertAll(vectors, options);
  }

  @Override
  public void close() {
    inverter.close();
  }

  /** Builds a {@link Vec2Text}. */
  public static final class Builder {
    String modelId = "sentence-transformers/all-MiniLM-L6-v2";
    @Nullable Path directory;
    @Nullable Embedder embedder;
    @Nullable ImmutableList<String> calibration;
    @Nullable String variant;
    Verification verification = Verification.always();
    Device device = Device.AUTO;
    int threads;
    private Search search = Search.pool();
    private int maxConcurrentTargets = 16;

    private Builder() {}

    /**
     * The package for an embedding model, to be found on the class path; all-MiniLM-L6-v2 by
     * default.
     *
     * @param modelId for example {@code sentence-transformers/all-MiniLM-L6-v2}, or its last part
     */
    @CanIgnoreReturnValue
    public Builder model(String modelId) {
      this.modelId = requireNonNull(modelId, "modelId");
      this.directory = null;
      return this;
    }

    /** A package in a directory. */
    @CanIgnoreReturnValue
    public Builder model(Path directory) {
      this.directory = requireNonNull(directory, "directory");
      return this;
    }

    /**
     * An embedder to compare guesses by, in place of the package's own; its space must be the
     * package's. It is closed with the inverter. The project's own models need one with a
     * {@linkplain Embedder#tokenization() tokenization}; converted checkpoints have a tokenizer of
     * their own, and those for an API's vectors need an embedder.
     */
    @CanIgnoreReturnValue
    public Builder embedder(Embedder embedder) {
      this.embedder = requireNonNull(embedder, "embedder");
      return this;
    }

    /**
     * Learns a bridge from texts when opened, for an {@link #embedder} that has no package: both
     * embedders embed them, which takes minutes for some thousand. The {@link #model} is then the
     * base whose models are used. To keep what was learned, and to learn more of rare words, make a
     * package with {@link SpaceCreator}.
     *
     * @param texts at least 200 different ones, better 5,000, like those that are to be found
     */
    @CanIgnoreReturnValue
    public Builder calibration(List<String> texts) {
      this.calibration = ImmutableList.copyOf(texts);
      return this;
    }

    /**
     * The variant of the embedding model that made the vectors, to compare guesses by; that of the
     * package by default. An embedder of that variant must be on the class path: {@code
     * vec2text-minilm-q} brings the one of langchain4j's {@code all-minilm-l6-v2-q}. With the wrong
     * variant nothing is recovered exactly; {@link Vec2Text#variantOf} tells it.
     *
     * @param variant for example {@code int8}; ignored if an embedder is given
     */
    @CanIgnoreReturnValue
    public Builder variant(String variant) {
      this.variant = requireNonNull(variant, "variant");
      return this;
    }

    /**
     * How the files of a package in a directory are checked; {@link Verification#always()} by
     * default.
     */
    @CanIgnoreReturnValue
    public Builder verification(Verification verification) {
      this.verification = requireNonNull(verification, "verification");
      return this;
    }

    /** Where to compute; {@link Device#AUTO} by default. */
    @CanIgnoreReturnValue
    public Builder device(Device device) {
      this.device = requireNonNull(device, "device");
      return this;
    }

    /**
     * Threads that a call uses, for runs of the models and for the search; 0, the default, for one
     * a core. With 1 a call never leaves its caller's thread.
     *
     * @throws IllegalArgumentException if negative or above 1,024
     */
    @CanIgnoreReturnValue
    public Builder threads(int threads) {
      OrtRuntime.checkThreads(threads);
      this.threads = threads;
      return this;
    }

    /** The search; {@link Search#pool()} by default. */
    @CanIgnoreReturnValue
    public Builder search(Search search) {
      this.search = requireNonNull(search, "search");
      return this;
    }

    /**
     * How many vectors of a batch are searched side by side; 16 by default.
     *
     * @throws IllegalArgumentException if below 1
     */
    @CanIgnoreReturnValue
    public Builder maxConcurrentTargets(int targets) {
      checkArgument(targets > 0, "maxConcurrentTargets must be at least 1, was %s", targets);
      this.maxConcurrentTargets = targets;
      return this;
    }

    /**
     * Loads the models.
     *
     * @throws ModelFormatException if there is no such package, or it is damaged
     * @throws io.vec2text.onnx.DeviceException if the device can't be used
     * @throws IllegalArgumentException if there are texts for calibration and too few, or no
     *     embedder
     */
    public Vec2Text open() {
      OpenedPackage opened = OpenedPackage.open(this);
      try {
        return new Vec2Text(this, opened);
      } catch (RuntimeException e) {
        opened.close(embedder);
        throw e;
      }
    }
  }
}
