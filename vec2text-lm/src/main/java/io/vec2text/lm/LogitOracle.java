package io.vec2text.lm;

/**
 * A way to the whole distribution of the next token through an interface that shows little of it.
 *
 * <p>What was learned is kept: after a failure or a cap that was too low, {@link #distribution}
 * goes on where it was. For one thread.
 */
public interface LogitOracle {

  /** How many calls of the interface it takes, at least, from the beginning. */
  long expectedCalls();

  /** How many calls were made. */
  long calls();

  /**
   * Asks until the distribution is known.
   *
   * @param maxCalls how many calls may have been made in all
   * @return all tokens' log-probabilities, or those of the tokens that can be known
   * @throws io.vec2text.Vec2TextException if that takes more calls, or the interface does not
   *     answer as the method needs
   */
  NextTokenDistribution distribution(long maxCalls);

  /**
   * What is known so far, without a call: of tokens that are not known, nothing is said.
   *
   * @throws io.vec2text.Vec2TextException if fewer than two tokens are known
   */
  NextTokenDistribution known();
}
