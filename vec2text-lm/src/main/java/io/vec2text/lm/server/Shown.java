package io.vec2text.lm.server;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;
import io.vec2text.lm.NextTokenDistribution;
import java.util.OptionalDouble;
import java.util.function.IntPredicate;

/**
 * What an answer shows of its first token.
 *
 * @param chosen the token that was chosen; -1 if its id can't be told
 * @param chosenLog its log-probability; NaN if it is not shown
 * @param entries how many log-probabilities of tokens are shown
 * @param tokens those of them whose ids can be told, in the server's order
 * @param logs their log-probabilities
 * @param seconds how long the answer took
 */
record Shown(
    int chosen,
    double chosenLog,
    int entries,
    ImmutableIntArray tokens,
    ImmutableDoubleArray logs,
    double seconds) {

  /** That no token's id can be told. */
  static final int UNKNOWN = -1;

  OptionalDouble log(int token) {
    int at = tokens.indexOf(token);
    return at < 0 ? OptionalDouble.empty() : OptionalDouble.of(logs.get(at));
  }

  /** As what was seen of a distribution. */
  NextTokenDistribution distribution(int vocabulary) {
    return NextTokenDistribution.ofSome(vocabulary, tokens.toArray(), logs.toArray());
  }

  /** Only some of the tokens. */
  Shown only(IntPredicate kept) {
    ImmutableIntArray.Builder ids = ImmutableIntArray.builder();
    ImmutableDoubleArray.Builder values = ImmutableDoubleArray.builder();
    for (int i = 0; i < tokens.length(); i++) {
      if (kept.test(tokens.get(i))) {
        ids.add(tokens.get(i));
        values.add(logs.get(i));
      }
    }
    return new Shown(chosen, chosenLog, entries, ids.build(), values.build(), seconds);
  }

  /** How much is shown; the tokens tell of the prompt. */
  @Override
  public String toString() {
    return "Shown[" + entries + " tokens]";
  }
}
