package io.vec2text.lm;

/**
 * A state that was recovered from a distribution.
 *
 * @param state its expectation, float [width]
 * @param deviation the expected distance from the true state: the root of the trace of the
 *     covariance of what is left unknown
 * @param cosine what cosine with the true state's to expect of its vector, from 0 to 1: √(|x|² /
 *     (|x|² + deviation²)), where x is the state less the mean
 * @param misfit how far the log-probabilities observed are from those of the state, in units of the
 *     noise that float32 and the rounding that was declared leave: √(Σ r_i² / v_i / (n − width −
 *     1)). About 1 or less for this model at this precision; NaN if no more than width + 1 of them
 *     were observed, which fit any state
 */
@SuppressWarnings("ArrayRecordComponent") // a vector is an array; states are never compared
public record RecoveredState(float[] state, double deviation, double cosine, double misfit) {
  private static final double MAX_MISFIT = 10;

  /**
   * Whether the distribution is that of another model, of this one at another precision, or was
   * rounded more than declared: then no prompt has exactly this state. A temperature that was not
   * declared does not show.
   */
  public boolean isForeign() {
    return misfit > MAX_MISFIT;
  }

  /** How certain it is, and nothing of what it is. */
  @Override
  public String toString() {
    return "RecoveredState[deviation "
        + deviation
        + ", cosine "
        + cosine
        + ", misfit "
        + misfit
        + "]";
  }
}
