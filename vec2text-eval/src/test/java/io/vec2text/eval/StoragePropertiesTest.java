package io.vec2text.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vec2text.StoredPrecision;
import io.vec2text.Vectors;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class StoragePropertiesTest {

  @Property(seed = "1")
  void theFormatThatAVectorWasKeptInIsDetectedAndItsNoiseMeasured(
      @ForAll Storage.NumberFormat format,
      @ForAll int seed,
      @ForAll @IntRange(min = 64, max = 1536) int dimension,
      @ForAll @IntRange(min = -6, max = 6) int exponent) {
    float[] vector = vector(seed, dimension, exponent);
    float[] kept = format.keep(vector);
    StoredPrecision stored = StoredPrecision.of(kept);
    assertThat(stored.format()).hasToString(format.name());
    double error = Vectors.norm(Vectors.subtract(kept, vector)) / Vectors.norm(vector);
    assertThat(error).isCloseTo(stored.noise(), within(0.35 * stored.noise() + 1e-12));
    assertThat(format.keep(kept)).as("kept again").isEqualTo(kept);
  }

  /** With components of a normal distribution, of about the length 2^exponent. */
  private static float[] vector(int seed, int dimension, int exponent) {
    Random random = new Random(seed);
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = Math.scalb((float) (random.nextGaussian() / Math.sqrt(dimension)), exponent);
    }
    return vector;
  }
}
