package io.vec2text.lm.server;

import io.vec2text.lm.NextTokenDistribution;
import java.util.Map;

/**
 * One token a call where a logit bias decides what is answered but does not show in
 * log-probabilities: each token in turn is made the answer, which comes with its own.
 */
final class ForcedToken extends CountedOracle {
  /** The largest bias that servers take. */
  static final double BIAS = 100;

  /** How many tokens in a row may resist before the bias is said not to work. */
  private static final int RESISTING = 20;

  private final ModelServer server;
  private final String prompt;
  private final int top;
  private final int[] order;
  private int next;
  private int resisting;

  ForcedToken(ModelServer server, String prompt, int top) {
    super(server.vocabulary());
    this.server = server;
    this.prompt = prompt;
    this.top = top;
    order = shuffled(logs.length);
  }

  @Override
  public long expectedCalls() {
    return 1L + logs.length - top;
  }

  @Override
  public NextTokenDistribution distribution(long maxCalls) {
    if (next == 0) {
      count(maxCalls);
      learn(server.ask(Question.top(prompt, top)));
    }
    for (; next < order.length; next++) {
      int token = order[next];
      if (logs[token] == Double.NEGATIVE_INFINITY) {
        count(maxCalls);
        Shown shown = server.ask(Question.top(prompt, 1).with(Map.of(token, BIAS)));
        boolean forced = shown.chosen() == token && !Double.isNaN(shown.chosenLog());
        if (forced) {
          logs[token] = shown.chosenLog();
        }
        resisting = forced ? 0 : resisting + 1;
        if (resisting == RESISTING) {
          throw new ServerException(
              "a logit bias of " + (int) BIAS + " no longer decides what the server answers", null);
        }
      }
    }
    return known();
  }
}
