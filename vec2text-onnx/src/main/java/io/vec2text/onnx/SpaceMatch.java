package io.vec2text.onnx;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import com.google.common.math.Quantiles;
import io.vec2text.EmbeddingSpace;
import io.vec2text.Vectors;
import io.vec2text.spi.VectorStatistics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How well vectors fit a space. Models differ in where their vectors lie: a vector's squared
 * Mahalanobis distance from the mean of a space's own, divided by the dimension, is near 1 for
 * these and above a limit for those of other models.
 *
 * @param space the space
 * @param distance median distance of the vectors
 * @param limit above which a vector is another model's
 * @param share of the vectors that are within it, 0 to 1
 */
public record SpaceMatch(EmbeddingSpace space, double distance, double limit, double share) {
  private static final double MAJORITY = 0.5;

  /** Whether most of the vectors may be this space's. */
  public boolean plausible() {
    return share > MAJORITY;
  }

  /**
   * Compares vectors with the spaces of all packages on the class path, and of more in directories,
   * that have their dimension and statistics.
   *
   * @param vectors some hundred at most are needed; of equal dimension, finite, not zero
   * @param directories of further packages
   * @return the spaces, those that fit best first; empty if there is none of the dimension
   * @throws IllegalArgumentException if there are no vectors, or of different dimensions
   * @throws ModelFormatException if a package is damaged
   */
  public static List<SpaceMatch> of(List<float[]> vectors, List<Path> directories) {
    checkArgument(!vectors.isEmpty(), "there are no vectors, expected at least one");
    int dimension = vectors.get(0).length;
    for (float[] v : vectors) {
      checkArgument(
          v.length == dimension, "vectors have dimensions %s and %s", dimension, v.length);
    }
    List<SpaceMatch> matches = new ArrayList<>();
    PackageIndex index = PackageIndex.ofThread();
    for (PackageIndex.Found found : index.all()) {
      Manifest manifest = found.manifest();
      String file = manifest.vectorStatistics();
      if (file != null && manifest.space().dimension() == dimension) {
        Path unpacked =
            PackageCache.unpack(
                file, requireNonNull(manifest.files().get(file)), () -> found.open(file));
        matches.add(of(vectors, manifest.space(), StatisticsFile.read(unpacked, dimension)));
      }
    }
    for (Path directory : directories) {
      ModelPackage model = ModelPackage.open(directory);
      VectorStatistics statistics = model.vectorStatistics();
      if (statistics != null && model.space().dimension() == dimension) {
        matches.add(of(vectors, model.space(), statistics));
      }
    }
    matches.sort(
        Comparator.comparing((SpaceMatch m) -> -m.share).thenComparing(SpaceMatch::distance));
    return matches;
  }

  private static SpaceMatch of(
      List<float[]> vectors, EmbeddingSpace space, VectorStatistics statistics) {
    double[] distances =
        statistics.distances(
            space.normalized() ? vectors.stream().map(Vectors::unit).toList() : vectors);
    long within = 0;
    for (double d : distances) {
      within += d <= statistics.limit() ? 1 : 0;
    }
    return new SpaceMatch(
        space,
        Quantiles.median().compute(distances),
        statistics.limit(),
        (double) within / distances.length);
  }
}
