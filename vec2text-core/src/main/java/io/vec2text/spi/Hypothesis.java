package io.vec2text.spi;

import java.util.List;

/**
 * A text that was embedded, and how close it came.
 *
 * @param text the text
 * @param vector its vector, of unit length in a normalised space, elsewhere as the embedder gave it
 * @param cosine cosine of its vector with the target
 * @param tokens what the corrector wrote it as ({@link Corrector.Candidate#tokens}), for a search
 *     that wants these very tokens corrected; empty if the text is to be read afresh
 */
@SuppressWarnings("ArrayRecordComponent") // vectors and tokens are arrays; never compared
public record Hypothesis(String text, float[] vector, double cosine, List<Integer> tokens) {
  /** Copies the tokens. */
  public Hypothesis {
    tokens = List.copyOf(tokens);
  }

  /** A text that is to be read afresh. */
  public Hypothesis(String text, float[] vector, double cosine) {
    this(text, vector, cosine, List.of());
  }

  /** Without the text, which may be a secret. */
  @Override
  public String toString() {
    return "Hypothesis[" + text.length() + " characters, cosine=" + cosine + "]";
  }
}
