package io.vec2text.spi;

import static com.google.common.base.Preconditions.checkArgument;

/** How a {@link Corrector} picks texts from its distribution. */
public sealed interface Decoding {

  /** How many texts to ask for at most. */
  int count();

  /** The most probable word at each step. */
  static Decoding greedy() {
    return new Beam(1);
  }

  /**
   * Beam search; scores are log-probabilities divided by the number of tokens (the end included).
   *
   * @param count width of the beam, and texts returned; 1 is greedy decoding
   * @param minTokens tokens that a text is made of at least, the end included, as far as the
   *     corrector can write so many
   * @param maxTokens tokens that a text is made of at most, the end included, if that is less than
   *     the corrector can write at all; 0 for as many as it writes by itself
   */
  record Beam(int count, int minTokens, int maxTokens) implements Decoding {
    /** Checks the arguments. */
    public Beam {
      checkArgument(count > 0, "beam width must be at least 1, was %s", count);
      checkArgument(minTokens >= 0, "minTokens must be at least 0, was %s", minTokens);
      checkArgument(
          maxTokens == 0 || maxTokens >= Math.max(1, minTokens),
          "maxTokens must be 0, or at least 1 and minTokens (%s), was %s",
          minTokens,
          maxTokens);
    }

    /** Texts as long as the corrector writes by itself. */
    public Beam(int count) {
      this(count, 0, 0);
    }
  }

  /**
   * Independent seeded samples.
   *
   * @param count number of samples, duplicates included
   * @param temperature divides the log-probabilities, above 0; 1 samples from the model as it is
   */
  record Sample(int count, double temperature) implements Decoding {
    /** Checks the arguments. */
    public Sample {
      checkArgument(count > 0, "sample count must be at least 1, was %s", count);
      checkArgument(temperature > 0, "temperature must be above 0, was %s", temperature);
    }
  }
}
