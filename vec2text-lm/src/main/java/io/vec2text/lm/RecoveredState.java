package io.vec2text.lm;

/**
 * A state that was recovered from a distribution.
 *
 * @param state its expectation, float [width]
 * @param deviation the expected distance from the true state: the root of the trace of the
 *     covariance of what is left unknown
 * @param cosine what cosine with the true state's to expect of its vector, from 0 to 1: √(|x|² /
 *     (|x|² + deviation²)), where x is the state less the mean
 */
@SuppressWarnings("ArrayRecordComponent") // a vector is an array; states are never compared
public record RecoveredState(float[] state, double deviation, double cosine) {

  /** How certain it is, and nothing of what it is. */
  @Override
  public String toString() {
    return "RecoveredState[deviation " + deviation + ", cosine " + cosine + "]";
  }
}
