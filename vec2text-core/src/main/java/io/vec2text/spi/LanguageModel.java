package io.vec2text.spi;

/**
 * How likely tokens follow each other in the language that texts are written in, whatever their
 * vectors. A search asks it thousands of times for each text that it embeds: it must be a table,
 * not a network. Safe for use by many threads.
 */
public interface LanguageModel {
  /** Stands for what precedes the first token of a text. */
  int BEGIN = -1;

  /** Stands for the end of a text. */
  int END = -2;

  /**
   * The natural logarithm of the probability that a token follows two others.
   *
   * @param beforeLast the last token but one: a token of the embedder's tokenization, or {@link
   *     #BEGIN}
   * @param last the last token, or {@link #BEGIN}
   * @param next the token that follows, or {@link #END}
   * @return at most 0
   */
  float logProbability(int beforeLast, int last, int next);
}
