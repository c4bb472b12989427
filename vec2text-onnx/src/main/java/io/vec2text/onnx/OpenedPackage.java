package io.vec2text.onnx;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.vec2text.Embedder;
import io.vec2text.Inverter;
import io.vec2text.Vec2TextException;
import io.vec2text.bridge.SpaceBridge;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Vec2Text} is made of.
 *
 * @param model the package
 * @param device where its models run
 * @param models closed by closing their corrector
 * @param outer what is to be put around an inverter that searches with them
 */
record OpenedPackage(
    ModelPackage model, DeviceChoice device, Models models, UnaryOperator<Inverter> outer) {

  /** Opens the package of a builder, or learns one; errors are those of its {@code open()}. */
  static OpenedPackage open(Vec2Text.Builder builder) {
    DeviceChoice choice = DeviceChoice.of(builder.device);
    Path from =
        builder.calibration == null ? builder.directory : learned(builder, builder.calibration);
    ModelPackage model =
        from == null
            ? ModelPackage.onClassPath(builder.modelId)
            : ModelPackage.open(from, builder.verification);
    if (builder.embedder != null) {
      return searching(model, choice, builder.embedder, builder.threads);
    }
    ModelPackage ofVariant = builder.variant == null ? model : model.ofVariant(builder.variant);
    if (model.bridge().isPresent() && !ofVariant.hasEmbedder()) {
      return mapped(model, model.bridge().get(), choice, builder.threads);
    }
    Embedder own = OnnxEmbedder.open(ofVariant, choice.device(), builder.threads);
    try {
      return searching(model, choice, own, builder.threads);
    } catch (RuntimeException e) {
      own.close();
      throw e;
    }
  }

  /** Closes the models and the embedder, unless that is one given. */
  void close(@Nullable Embedder given) {
    models.corrector().close();
    if (given == null && models.embedder() != null) {
      models.embedder().close();
    }
  }

  private static OpenedPackage searching(
      ModelPackage model, DeviceChoice choice, Embedder oracle, int threads) {
    Models models = Models.open(model, oracle, choice.device(), threads);
    Models.Surface surface = models.surface();
    return new OpenedPackage(
        model,
        choice,
        models,
        surface == null
            ? UnaryOperator.identity()
            : inverter -> surface.around(inverter, requireNonNull(models.embedder())));
  }

  /** Without the embedder of its space, a bridge leads to the base space, where it is looked. */
  private static OpenedPackage mapped(
      ModelPackage model, Manifest.Bridge bridge, DeviceChoice choice, int threads) {
    ModelPackage base = Models.base(model, bridge);
    SpaceBridge read = Models.bridge(model, bridge, base);
    double cosine = model.trainingFigure("cosine").orElse(0);
    OnnxEmbedder embedder = OnnxEmbedder.open(base, choice.device(), threads);
    try {
      Models models = Models.open(base, embedder, choice.device(), threads);
      return new OpenedPackage(model, choice, models, inverter -> read.inverter(inverter, cosine));
    } catch (RuntimeException e) {
      embedder.close();
      throw e;
    }
  }

  /** Learns a bridge from texts, and makes its package for as long as this process lives. */
  private static Path learned(Vec2Text.Builder builder, List<String> texts) {
    checkArgument(builder.embedder != null, "calibration needs an embedder, there is none");
    try {
      Path folder = ProcessFolder.create("calibration");
      Path space = folder.resolve("space");
      SpaceCreator.of(builder.embedder)
          .base(builder.modelId)
          .texts(texts)
          .embedTokens(false)
          .device(builder.device)
          .threads(builder.threads)
          .create(space);
      return space;
    } catch (IOException e) {
      throw new Vec2TextException("can't keep what was learned from the texts", e);
    }
  }
}
