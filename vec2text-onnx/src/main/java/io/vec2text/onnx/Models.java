package io.vec2text.onnx;

import com.google.common.primitives.ImmutableIntArray;
import io.vec2text.Embedder;
import io.vec2text.Inverter;
import io.vec2text.Tokenization;
import io.vec2text.bridge.SpaceBridge;
import io.vec2text.bridge.SurfaceForms;
import io.vec2text.spi.Corrector;
import io.vec2text.spi.ForwardingCorrector;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The models that turn a space's vectors into text, with the embedder as their search needs it.
 *
 * @param embedder compares guesses; null where the package has none and none was given
 * @param corrector writes guesses and corrections
 * @param surface how the embedder sees case and spacing, which the models do not; null if it does
 *     not either
 */
record Models(@Nullable Embedder embedder, Corrector corrector, @Nullable Surface surface) {
  /**
   * What is added for an embedder that sees case.
   *
   * @param forms in which guesses are compared, and what was found is looked for
   * @param unrelated mean cosine of unrelated texts
   */
  record Surface(SurfaceForms forms, double unrelated) {
    /** An inverter of whole forms, around one that compares usual ones. */
    Inverter around(Inverter inverter, Embedder oracle) {
      return forms.inverter(inverter, oracle, unrelated);
    }
  }

  private Models(@Nullable Embedder embedder, Corrector corrector) {
    this(embedder, corrector, null);
  }

  /**
   * Loads the models of a package, of whatever kind.
   *
   * @param embedder of the package's space; stays the caller's if this throws
   * @throws ModelFormatException if the package holds no models, or they are damaged
   */
  static Models open(ModelPackage model, @Nullable Embedder embedder, Device device, int threads) {
    if (model.bridge().isPresent()) {
      return bridged(model, model.bridge().get(), embedder, device, threads);
    }
    if (model.inversion().kind() == Manifest.Kind.T5) {
      return new Models(embedder, T5Corrector.open(model, device, threads));
    }
    Manifest.Text text = model.inversion().text();
    if (text != null) {
      return ofOwnTokens(model, text, embedder, device, threads);
    }
    Tokenization tokenization =
        Optional.ofNullable(embedder)
            .flatMap(Embedder::tokenization)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "the models of "
                            + model.name()
                            + " need an embedder that shows its tokens (Embedder.tokenization)"));
    return new Models(
        embedder,
        model.inversion().kind() == Manifest.Kind.PREFIX
            ? PrefixDecoder.open(model, tokenization, device, threads)
            : OnnxCorrector.open(model, tokenization, device, threads));
  }

  /** Models that have seen the vectors of an embedder whose tokens are not theirs. */
  private static Models ofOwnTokens(
      ModelPackage model,
      Manifest.Text text,
      @Nullable Embedder embedder,
      Device device,
      int threads) {
    HfTokenization tokenization = HfTokenization.open(model.file(text.tokenizer()));
    try {
      Manifest.Tokens tokens = model.inversion().tokens();
      tokenization.check(ImmutableIntArray.of(tokens.cls()), tokens);
      Corrector corrector =
          new ForwardingCorrector(OnnxCorrector.open(model, tokenization, device, threads)) {
            @Override
            public void close() {
              try (tokenization) {
                super.close();
              }
            }
          };
      return reading(embedder, tokenization, corrector);
    } catch (RuntimeException e) {
      tokenization.close();
      throw e;
    }
  }

  private static Models bridged(
      ModelPackage model,
      Manifest.Bridge bridge,
      @Nullable Embedder embedder,
      Device device,
      int threads) {
    ModelPackage base = base(model, bridge);
    return bridged(bridge(model, bridge, base), base, embedder, device, threads);
  }

  /**
   * The package to whose models one is a bridge: its own, trained for its space, or else the one on
   * the class path.
   *
   * @throws ModelFormatException if it is not there, or another one than the bridge was made for
   */
  static ModelPackage base(ModelPackage model, Manifest.Bridge bridge) {
    ModelPackage base = model.ownBase().orElseGet(() -> ModelPackage.onClassPath(bridge.base()));
    if (!base.embedderSha256().equals(bridge.graph())) {
      throw new ModelFormatException(
          String.format(
              "model package %s is a bridge to the embedder with SHA-256 %s, but %s has %s; create"
                  + " the space again: vec2text space create",
              model, bridge.graph(), base, base.embedderSha256()));
    }
    return base;
  }

  /** Reads the bridge of a package to another. */
  static SpaceBridge bridge(ModelPackage model, Manifest.Bridge bridge, ModelPackage base) {
    int vocabulary = base.inversion().tokens().vocabulary();
    int dimension = model.space().dimension();
    return new SpaceBridge(
        model.space(),
        base.space(),
        MapFile.read(model.file(bridge.map()), dimension, base.space().dimension()),
        WordTable.read(model.file(bridge.tokenContributions()), vocabulary, dimension),
        StatisticsFile.read(model.file(bridge.vectorStatistics()), dimension));
  }

  /**
   * Loads the models of a base package as those of another space.
   *
   * @param embedder of the bridge's space; stays the caller's if this throws
   */
  static Models bridged(
      SpaceBridge bridge,
      ModelPackage base,
      @Nullable Embedder embedder,
      Device device,
      int threads) {
    OnnxEmbedder baseEmbedder = OnnxEmbedder.open(base, device, threads);
    try {
      Corrector corrector =
          bridge.corrector(open(base, baseEmbedder, device, threads).corrector(), baseEmbedder);
      return reading(embedder, baseEmbedder.tokenization().orElseThrow(), corrector);
    } catch (RuntimeException e) {
      baseEmbedder.close();
      throw e;
    }
  }

  /** Models whose texts an embedder reads that has other tokens, and may see case. */
  private static Models reading(
      @Nullable Embedder embedder, Tokenization tokenization, Corrector corrector) {
    if (embedder == null) {
      return new Models(null, corrector);
    }
    Embedder reading = SpaceBridge.embedder(embedder, tokenization);
    if (!SurfaceForms.mayMatter(embedder)) {
      return new Models(reading, corrector);
    }
    SurfaceForms forms = SurfaceForms.of(reading, CalibrationTexts.sample());
    double unrelated =
        corrector.vectorStatistics().map(s -> s.unrelatedCosine(s.dimension())).orElse(0.0);
    return new Models(reading, corrector, new Surface(forms, unrelated));
  }
}
