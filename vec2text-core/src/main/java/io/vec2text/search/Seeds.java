package io.vec2text.search;

/** Seeds of targets' random choices. */
final class Seeds {
  private Seeds() {}

  /** Depends on the vector rather than on its position, so that a batch changes no result. */
  static long of(long seed, float[] vector) {
    long h = mix(seed);
    for (float x : vector) {
      h = mix(h ^ Float.floatToIntBits(x));
    }
    return h;
  }

  /** The finalizer of splitmix64 (Steele et al. 2014). */
  private static long mix(long z) {
    z += 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
