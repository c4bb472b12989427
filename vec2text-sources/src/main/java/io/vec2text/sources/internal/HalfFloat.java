package io.vec2text.sources.internal;

/** Numbers of IEEE 754 half precision; {@code Float.float16ToFloat} came after Java 17. */
public final class HalfFloat {
  private HalfFloat() {}

  /** The number of so many bits. */
  public static double toDouble(short bits) {
    int exponent = bits >> 10 & 0x1F;
    int fraction = bits & 0x3FF;
    double magnitude =
        switch (exponent) {
          case 0 -> Math.scalb((double) fraction, -24);
          case 0x1F -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
          default -> Math.scalb((double) (fraction | 0x400), exponent - 25);
        };
    return bits < 0 ? -magnitude : magnitude;
  }
}
