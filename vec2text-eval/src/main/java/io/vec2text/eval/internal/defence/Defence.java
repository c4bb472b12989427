package io.vec2text.eval.internal.defence;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.vec2text.eval.internal.setup.VectorMatrix;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What a store may do to vectors before it keeps them, so that an attacker reads less from them
 * while a search still finds the right ones. Each has a short name, which {@link #parse} reads.
 */
public abstract sealed class Defence
    permits BinaryQuantisation,
        CoordinateShuffle,
        GaussianNoise,
        ProductQuantisation,
        Rounding,
        ScalarQuantisation,
        SecretRotation,
        Truncation {

  /** What names look like, for messages and help. */
  public static final String FORMS =
      "noise:DEVIATION, int8, binary, pq:PARTS, truncate:DIMENSIONS, rotation, shuffle,"
          + " shuffle:signs or rounding:DECIMALS";

  private final String name;

  Defence(String name) {
    this.name = name;
  }

  /**
   * Reads a name:
   *
   * <ul>
   *   <li>{@code noise:0.01}: Gaussian noise of this standard deviation on each component of the
   *       unit vector
   *   <li>{@code int8}: scalar quantisation to 255 levels a vector
   *   <li>{@code binary}: only the sign of each component
   *   <li>{@code pq:48}: product quantisation to as many bytes (Jégou et al. 2011)
   *   <li>{@code truncate:192}: only the first components
   *   <li>{@code rotation}: a secret orthogonal matrix
   *   <li>{@code shuffle}, {@code shuffle:signs}: a secret order of the components, and secret
   *       signs
   *   <li>{@code rounding:2}: components rounded to as many decimals
   * </ul>
   *
   * @throws IllegalArgumentException if it names no defence
   */
  public static Defence parse(String name) {
    try {
      return switch (name) {
        case "int8" -> new ScalarQuantisation();
        case "binary" -> new BinaryQuantisation();
        case "rotation" -> new SecretRotation();
        case "shuffle" -> new CoordinateShuffle(false);
        case "shuffle:signs" -> new CoordinateShuffle(true);
        default -> parse(name, name.indexOf(':'));
      };
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(unknown(name), e);
    }
  }

  private static Defence parse(String name, int colon) {
    String argument = name.substring(colon + 1);
    return switch (name.substring(0, Math.max(0, colon))) {
      case "noise" -> new GaussianNoise(Double.parseDouble(argument));
      case "pq" -> new ProductQuantisation(Integer.parseInt(argument));
      case "truncate" -> new Truncation(Integer.parseInt(argument));
      case "rounding" -> new Rounding(Integer.parseInt(argument));
      default -> throw new IllegalArgumentException(unknown(name));
    };
  }

  private static String unknown(String name) {
    return "a defence must be " + FORMS + ", was \"" + name + "\"";
  }

  /**
   * The defences that a table has unless others are asked for.
   *
   * @param dimension of the vectors; it decides on the arguments of truncation and product
   *     quantisation
   */
  static List<Defence> standard(int dimension) {
    ImmutableList.Builder<Defence> defences = ImmutableList.builder();
    defences.add(new GaussianNoise(0.001), new GaussianNoise(0.01), new GaussianNoise(0.05));
    defences.add(new Rounding(2), new ScalarQuantisation(), new BinaryQuantisation());
    if (dimension % 8 == 0) {
      defences.add(new ProductQuantisation(dimension / 8), new ProductQuantisation(dimension / 4));
    }
    if (dimension > 1) {
      defences.add(new Truncation(dimension / 2));
    }
    return defences
        .add(new SecretRotation(), new CoordinateShuffle(false), new CoordinateShuffle(true))
        .build();
  }

  /** The short name, for example {@code noise:0.01}. */
  public final String name() {
    return name;
  }

  /** Whether it rests on a secret; everybody can apply the others, with pairs of their own. */
  public boolean secret() {
    return false;
  }

  /**
   * Whether everybody can store a vector as the store does, to the last digit: without a secret and
   * without chance.
   */
  boolean repeatable() {
    return !secret();
  }

  /**
   * The cosine of a stored with its original vector to be expected, where there is a formula.
   *
   * @param dimension of the vectors
   */
  public OptionalDouble expectedCosine(int dimension) {
    return OptionalDouble.empty();
  }

  /**
   * Checks that it can be applied to vectors of a dimension.
   *
   * @throws IllegalArgumentException naming the argument and its range
   */
  void check(int dimension) {}

  /**
   * The transform that a store applies.
   *
   * @param corpus vectors of length 1, which are to be stored
   * @param key the secret, or seed
   */
  abstract Transform fit(VectorMatrix corpus, long key);

  /** What an attacker makes of the defence who knows all of it but the key. */
  Attack attack(KnownPairs pairs) {
    return LeastSquares.fit(pairs);
  }

  /** {@link #check} of an argument. */
  final void require(boolean condition, String expected, int dimension) {
    checkArgument(condition, "%s: vectors of dimension %s need %s", name, dimension, expected);
  }

  @Override
  public final String toString() {
    return name;
  }
}
