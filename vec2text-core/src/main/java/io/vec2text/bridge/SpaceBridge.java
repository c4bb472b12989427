package io.vec2text.bridge;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.Inverter;
import io.vec2text.Tokenization;
import io.vec2text.Vectors;
import io.vec2text.spi.Corrector;
import io.vec2text.spi.ForwardingEmbedder;
import io.vec2text.spi.TokenContributions;
import io.vec2text.spi.VectorStatistics;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Joins the space of an embedder to the base space, for which there are models. Immutable; safe for
 * use by many threads.
 */
public final class SpaceBridge {
  private static final double MIN_NOISE = 0.1;
  private static final double MAX_NOISE = 0.99;

  private final EmbeddingSpace space;
  private final EmbeddingSpace base;
  private final SpaceMap map;
  private final @Nullable TokenContributions contributions;
  private final @Nullable VectorStatistics statistics;

  /**
   * A bridge.
   *
   * @param space the new space
   * @param base the space of the models
   * @param map from the new space into the base space
   * @param contributions what the base tokenization's tokens add to a vector of the new space, if
   *     that is known
   * @param statistics how the vectors of the new space are distributed, if that is known
   * @throws IllegalArgumentException if their dimensions do not fit
   */
  public SpaceBridge(
      EmbeddingSpace space,
      EmbeddingSpace base,
      SpaceMap map,
      @Nullable TokenContributions contributions,
      @Nullable VectorStatistics statistics) {
    this.space = requireNonNull(space, "space");
    this.base = requireNonNull(base, "base");
    this.map = requireNonNull(map, "map");
    this.contributions = contributions;
    this.statistics = statistics;
    checkArgument(
        map.fromDimension() == space.dimension() && map.toDimension() == base.dimension(),
        "the map is %s, expected one from %s to %s",
        map,
        space,
        base);
    checkArgument(
        statistics == null || statistics.dimension() == space.dimension(),
        "the statistics are of dimension %s, expected that of %s",
        statistics == null ? 0 : statistics.dimension(),
        space);
  }

  /** The new space. */
  public EmbeddingSpace space() {
    return space;
  }

  /** The space of the models. */
  public EmbeddingSpace base() {
    return base;
  }

  /** The map from the new space into the base space. */
  public SpaceMap map() {
    return map;
  }

  Optional<TokenContributions> tokenContributions() {
    return Optional.ofNullable(contributions);
  }

  /** How the vectors of the new space are distributed, if that is known. */
  public Optional<VectorStatistics> vectorStatistics() {
    return Optional.ofNullable(statistics);
  }

  /**
   * The vector that is expected in the base space.
   *
   * @param vector of the new space
   * @return g(x), of length 1 in a normalised base space
   */
  public float[] toBase(float[] vector) {
    return scaled(map.apply(vector));
  }

  /** A vector of the base space in the scale in which its models are shown vectors. */
  float[] scaled(float[] vector) {
    return base.normalized() && Vectors.norm(vector) > 0 ? Vectors.unit(vector) : vector;
  }

  /**
   * The base models as models of the new space.
   *
   * @param corrector the base models; closed with what is returned
   * @param embedder the base embedder; closed with what is returned
   * @throws IllegalArgumentException if one of them is of another space
   */
  public Corrector corrector(Corrector corrector, Embedder embedder) {
    checkBase("models", corrector.space());
    checkBase("embedder", embedder.space());
    return new BridgedCorrector(this, corrector, embedder);
  }

  private void checkBase(String what, EmbeddingSpace found) {
    checkArgument(
        found.modelId().equals(base.modelId()) && found.dimension() == base.dimension(),
        "the %s of the bridge are for %s, expected %s",
        what,
        found,
        base);
  }

  /**
   * The new embedder as a search needs it: its texts are edited in the tokens of the base space,
   * which the models write.
   *
   * @param embedder of the new space; closed with what is returned
   * @param tokenization the base embedder's
   */
  public static Embedder embedder(Embedder embedder, Tokenization tokenization) {
    return new ForwardingEmbedder(embedder) {
      @Override
      public Optional<Tokenization> tokenization() {
        return Optional.of(tokenization);
      }
    };
  }

  /**
   * An inverter of the new space that needs no embedder of it: it maps vectors into the base space
   * and looks there. It finds what texts are about, and never calls one exact.
   *
   * @param inverter of the base space; closed with what is returned
   * @param cosine expected cosine of an image with the vector that it estimates, 0 to 1
   * @throws IllegalArgumentException if the inverter is of another space
   */
  public Inverter inverter(Inverter inverter, double cosine) {
    checkBase("inverter", inverter.space());
    // However well the map fits, the embedder itself has not confirmed a text.
    double noise = Math.max(MIN_NOISE, Math.min(MAX_NOISE, Math.sqrt(2 - 2 * cosine)));
    return new MappedInverter(this, inverter, noise);
  }

  /** The spaces. */
  @Override
  public String toString() {
    return "SpaceBridge[" + space + " -> " + base + "]";
  }
}
