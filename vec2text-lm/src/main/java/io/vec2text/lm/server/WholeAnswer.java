package io.vec2text.lm.server;

import io.vec2text.lm.NextTokenDistribution;

/** All tokens in one answer. */
final class WholeAnswer extends CountedOracle {
  private final ModelServer server;
  private final String prompt;
  private boolean done;

  WholeAnswer(ModelServer server, String prompt) {
    super(server.vocabulary());
    this.server = server;
    this.prompt = prompt;
  }

  @Override
  public long expectedCalls() {
    return 1;
  }

  @Override
  public NextTokenDistribution distribution(long maxCalls) {
    if (!done) {
      count(maxCalls);
      learn(server.ask(Question.top(prompt, server.all())));
      done = true;
    }
    return known();
  }
}
