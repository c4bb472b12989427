package io.vec2text.onnx;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vec2text.Cancellation;
import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.Tokenization;
import io.vec2text.Vec2TextException;
import io.vec2text.bridge.BridgeFit;
import io.vec2text.bridge.CalibrationPairs;
import io.vec2text.bridge.TokenFeatures;
import io.vec2text.spi.TokenContributions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Creates the package of a space for which there are no models: embeds texts with its embedder and
 * with that of a space that has models, and learns a {@linkplain io.vec2text.bridge bridge} from
 * them. Nothing is trained. 16,000 sentences take some minutes on two cores.
 *
 * <pre>{@code
 * SpaceCreator.of(Path.of("model.onnx"), Path.of("tokenizer.json"), space)
 *     .create(Path.of("my-space"));
 * Vec2Text inverter = Vec2Text.builder().model(Path.of("my-space")).open();
 * }</pre>
 *
 * <p>While it works, what was embedded lies in the folder {@code <package>.partial}: a run that was
 * killed goes on there, and pays for nothing twice.
 */
public final class SpaceCreator {
  private static final String DEFAULT_BASE = "sentence-transformers/all-MiniLM-L6-v2";

  private final EmbedderFiles files;
  private final @Nullable Embedder own;
  private final @Nullable ImmutableList<float[]> known;
  private String base = DEFAULT_BASE;
  private @Nullable ImmutableList<String> given;
  private int limit = Integer.MAX_VALUE;
  private boolean embedTokens = true;
  private Device device = Device.AUTO;
  private int threads;
  private Cancellation cancellation = new Cancellation();
  private Listener listener = (stage, done, all) -> {};

  /** What is being done. */
  public enum Stage {
    /** Texts are embedded by the new embedder. */
    EMBEDDING,
    /** Each token of the base vocabulary is embedded by the new embedder, as a text of its own. */
    EMBEDDING_TOKENS,
    /** Texts are embedded by the base embedder. */
    EMBEDDING_BASE,
    /** Map, contributions and statistics are fitted. */
    FITTING
  }

  /** Hears how far the work is. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Some more is done.
     *
     * @param stage what is being done
     * @param done how many texts are
     * @param all how many texts there are
     */
    void progress(Stage stage, int done, int all);
  }

  private SpaceCreator(
      EmbedderFiles files, @Nullable Embedder own, @Nullable ImmutableList<float[]> known) {
    this.files = files;
    this.own = own;
    this.known = known;
  }

  /** For the embedder of a package; the space's package refers to the same files. */
  public static SpaceCreator of(ModelPackage embedder) {
    return new SpaceCreator(EmbedderFiles.of(embedder), null, null);
  }

  /**
   * For an ONNX graph, as {@link OnnxEmbedder#open(Path, Path, EmbeddingSpace, Device, int)} takes
   * it; the space's package holds a copy.
   *
   * @param graph ONNX file
   * @param tokenizer {@code tokenizer.json}
   * @param space the space; its pooling must be known
   */
  public static SpaceCreator of(Path graph, Path tokenizer, EmbeddingSpace space) {
    return new SpaceCreator(EmbedderFiles.of(graph, tokenizer, space), null, null);
  }

  /**
   * For an embedder of one's own, which stays the caller's; the space's package holds none, so that
   * the embedder is to be given to {@link Vec2Text.Builder#embedder} again.
   */
  public static SpaceCreator of(Embedder embedder) {
    return new SpaceCreator(EmbedderFiles.none(embedder.space()), embedder, null);
  }

  /**
   * For an embedder that cannot be called, of which some texts' vectors are known. The space's
   * package finds what texts are about, and nothing exactly.
   *
   * @param space the space
   * @param vectors those of the {@link #texts}, in their order
   */
  public static SpaceCreator of(EmbeddingSpace space, List<float[]> vectors) {
    return new SpaceCreator(EmbedderFiles.none(space), null, ImmutableList.copyOf(vectors));
  }

  /**
   * Texts to learn from, like those that are to be found; 5,000 to 20,000 sentences serve well. By
   * default, a sample that comes with the base models. Blank texts and repetitions are left out.
   */
  @CanIgnoreReturnValue
  public SpaceCreator texts(List<String> texts) {
    given = ImmutableList.copyOf(texts);
    return this;
  }

  /**
   * Uses the first texts only.
   *
   * @throws IllegalArgumentException if that is below 1
   */
  @CanIgnoreReturnValue
  public SpaceCreator limit(int count) {
    checkArgument(count > 0, "the number of texts must be at least 1, was %s", count);
    limit = count;
    return this;
  }

  /**
   * Whether each token of the base vocabulary is embedded as a text of its own, too; true by
   * default. That makes 30,000 very short texts more, from which what rare words add to a vector is
   * learned.
   */
  @CanIgnoreReturnValue
  public SpaceCreator embedTokens(boolean embed) {
    embedTokens = embed;
    return this;
  }

  /**
   * The embedding model whose models are to be used, or the name of a package of its; that of
   * all-MiniLM-L6-v2 by default.
   */
  @CanIgnoreReturnValue
  public SpaceCreator base(String modelId) {
    base = requireNonNull(modelId, "modelId");
    return this;
  }

  /** Where to compute; {@link Device#AUTO} by default. */
  @CanIgnoreReturnValue
  public SpaceCreator device(Device device) {
    this.device = requireNonNull(device, "device");
    return this;
  }

  /** Threads of a run of an embedder; 0, the default, for one a core. */
  @CanIgnoreReturnValue
  public SpaceCreator threads(int threads) {
    OrtRuntime.checkThreads(threads);
    this.threads = threads;
    return this;
  }

  /** Stops the work between two batches of texts. */
  @CanIgnoreReturnValue
  public SpaceCreator cancellation(Cancellation cancellation) {
    this.cancellation = requireNonNull(cancellation, "cancellation");
    return this;
  }

  /** Hears how far the work is. */
  @CanIgnoreReturnValue
  public SpaceCreator listener(Listener listener) {
    this.listener = requireNonNull(listener, "listener");
    return this;
  }

  /**
   * The texts that will be embedded, by both embedders.
   *
   * @throws ModelFormatException if they are to be the sample, and that is missing or damaged
   */
  public List<String> distinctTexts() {
    return ImmutableList.copyOf(
        distinct(given == null ? CalibrationTexts.sample() : given).keySet());
  }

  /** The texts in their form, with the place of each. */
  private Map<String, Integer> distinct(List<String> texts) {
    Map<String, Integer> places = new LinkedHashMap<>();
    for (int i = 0; i < texts.size() && places.size() < limit; i++) {
      String text = texts.get(i).strip();
      if (!text.isEmpty()) {
        places.putIfAbsent(text, i);
      }
    }
    return places;
  }

  /**
   * Creates the package.
   *
   * @param directory a directory that does not exist yet
   * @return what was learned
   * @throws IllegalArgumentException if there are too few texts, or the embedder's vectors are not
   *     those of its space, or are all the same
   * @throws ModelFormatException if the base package or the embedder is missing or damaged
   * @throws Vec2TextException if the embedder fails, or on cancellation
   * @throws IOException if the directory exists, or something can't be read or written
   */
  @CanIgnoreReturnValue
  public BridgeFit create(Path directory) throws IOException {
    if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(directory.toString());
    }
    checkArgument(
        known == null || (given != null && given.size() == known.size()),
        "there are %s vectors and %s texts, expected a text for each",
        known == null ? 0 : known.size(),
        given == null ? 0 : given.size());
    ModelPackage basePackage = ModelPackage.onClassPath(base);
    List<String> texts = distinctTexts();
    checkArgument(
        texts.size() >= CalibrationPairs.MIN_PAIRS,
        "there are %s different texts, expected at least %s, better 5,000 to 20,000",
        texts.size(),
        CalibrationPairs.MIN_PAIRS);
    Device chosen = DeviceChoice.of(device).device();
    Path partial = directory.resolveSibling(directory.getFileName() + ".partial");
    Files.createDirectories(partial);
    claim(partial.resolve("key"), basePackage, texts);
    BridgeFit fit;
    try (OnnxEmbedder baseEmbedder = OnnxEmbedder.open(basePackage, chosen, threads)) {
      Tokenization tokenization = baseEmbedder.tokenization().orElseThrow();
      int vocabulary = basePackage.inversion().tokens().vocabulary();
      NewVectors made =
          known == null
              ? embedded(texts, tokenization, vocabulary, chosen, partial)
              : new NewVectors(
                  distinct(requireNonNull(given)).values().stream()
                      .map(known::get)
                      .toArray(float[][]::new),
                  new float[vocabulary][0]);
      float[][] baseVectors =
          embed(baseEmbedder, texts, partial.resolve("base.f32"), Stage.EMBEDDING_BASE);
      listener.progress(Stage.FITTING, 0, texts.size());
      fit =
          BridgeFit.of(
              files.space(),
              basePackage.space(),
              new CalibrationPairs(tokenization.encode(texts), made.texts, baseVectors),
              TokenFeatures.of(contributions(basePackage, vocabulary), made.tokens));
    }
    new BridgeWriter(files, basePackage, fit).write(directory);
    ProcessFolder.deleteRecursively(partial);
    return fit;
  }

  /** Vectors of the new space: of the texts, and of single tokens, empty where there are none. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record NewVectors(float[][] texts, float[][] tokens) {}

  private NewVectors embedded(
      List<String> texts, Tokenization tokenization, int vocabulary, Device chosen, Path partial)
      throws IOException {
    Embedder embedder = own == null ? files.open(chosen, threads) : own;
    try {
      float[][] vectors = embed(embedder, texts, partial.resolve("vectors.f32"), Stage.EMBEDDING);
      float[][] tokens =
          embedTokens
              ? embed(
                  embedder,
                  CalibrationTexts.ofTokens(tokenization, vocabulary),
                  partial.resolve("tokens.f32"),
                  Stage.EMBEDDING_TOKENS)
              : new float[vocabulary][0];
      return new NewVectors(vectors, tokens);
    } finally {
      if (own == null) {
        embedder.close();
      }
    }
  }

  private float[][] embed(Embedder embedder, List<String> texts, Path file, Stage stage)
      throws IOException {
    try (EmbeddedTexts embedded = new EmbeddedTexts(file, embedder.space().dimension())) {
      listener.progress(stage, embedded.rows(), texts.size());
      embedded.embed(
          embedder, texts, cancellation, done -> listener.progress(stage, done, texts.size()));
      return embedded.read();
    }
  }

  /** Makes sure that what was embedded before are these texts, by these embedders. */
  private void claim(Path key, ModelPackage basePackage, List<String> texts) throws IOException {
    Hasher hasher = Hashing.sha256().newHasher();
    hasher.putString(
        files.key() + '\n' + basePackage.embedderSha256() + '\n', StandardCharsets.UTF_8);
    texts.forEach(t -> hasher.putString(t + '\n', StandardCharsets.UTF_8));
    String expected = hasher.hash().toString();
    if (Files.exists(key)) {
      if (!Files.readString(key).equals(expected)) {
        throw new IOException(
            key.getParent()
                + " is what another run left, of other texts or another embedder; finish that run"
                + " or delete the folder");
      }
    } else {
      Files.writeString(key, expected);
    }
  }

  private static TokenContributions contributions(ModelPackage basePackage, int vocabulary) {
    String file = basePackage.inversion().tokenContributions();
    if (file == null) {
      throw new ModelFormatException(
          "model package " + basePackage + " has no wordVectors, which a bridge needs");
    }
    return WordTable.read(basePackage.file(file), vocabulary, basePackage.space().dimension());
  }
}
