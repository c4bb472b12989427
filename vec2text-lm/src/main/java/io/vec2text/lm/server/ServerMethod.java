package io.vec2text.lm.server;

import io.vec2text.lm.BiasBisection;
import io.vec2text.lm.LogitOracle;
import io.vec2text.lm.ReferenceTokenMethod;

/** Ways to the distribution of the next token through a server's interface. */
public enum ServerMethod {
  /** As many log-probabilities as there are tokens, in one answer. */
  WHOLE("all log-probabilities in one answer"),
  /** The log-probabilities of chosen token ids. */
  CHOSEN_IDS("log-probabilities of chosen token ids"),
  /** The most probable tokens, and a logit bias that shows in their log-probabilities. */
  TOP_WITH_BIAS("top log-probabilities that show a logit bias"),
  /** A logit bias that decides the answer, whose own log-probability is shown unbiased. */
  FORCED_TOKEN("an answer forced by logit bias, with its log-probability"),
  /** A logit bias that decides the answer. */
  BISECTION("an answer forced by logit bias, without log-probabilities");

  /** How exact differences of log-probabilities are that bisection finds, in nats. */
  private static final double TOLERANCE = 1e-4;

  /** Calls a token: one at the largest bias, and the halvings from there to the tolerance. */
  private static final int CALLS_A_TOKEN = 20;

  /** How many tokens most servers show at most. */
  private static final int USUAL = 20;

  private final String description;

  ServerMethod(String description) {
    this.description = description;
  }

  /** What the server gives away. */
  public String description() {
    return description;
  }

  /**
   * How many calls it takes, at least, to know some tokens.
   *
   * @param tokens how many
   */
  public long calls(Capabilities capabilities, long tokens) {
    int top = capabilities.topTokens();
    return switch (this) {
      case WHOLE -> 1;
      case CHOSEN_IDS -> ceiling(tokens, capabilities.idsPerCall());
      case TOP_WITH_BIAS -> 1 + ceiling(Math.max(0, tokens - top), top - 1);
      case FORCED_TOKEN -> 1 + Math.max(0, tokens - shownBeside(top));
      case BISECTION -> 1 + (tokens - 1) * CALLS_A_TOKEN;
    };
  }

  /** As where no server shows more. */
  private static int shownBeside(int top) {
    return Math.min(top, USUAL);
  }

  private static long ceiling(long n, long parts) {
    return (n + parts - 1) / Math.max(1, parts);
  }

  LogitOracle oracle(ModelServer server, String prompt, Capabilities capabilities) {
    int top = capabilities.topTokens();
    int vocabulary = capabilities.vocabulary();
    return switch (this) {
      case WHOLE -> new WholeAnswer(server, prompt);
      case CHOSEN_IDS -> new ChosenIds(server, prompt, capabilities.idsPerCall());
      case TOP_WITH_BIAS ->
          new ReferenceTokenMethod(
              bias -> server.ask(Question.top(prompt, top).with(bias)).distribution(vocabulary),
              vocabulary,
              top,
              ForcedToken.BIAS);
      case FORCED_TOKEN -> new ForcedToken(server, prompt, shownBeside(top));
      case BISECTION ->
          new BiasBisection(
              // With a log-probability comes the token's id.
              bias -> server.ask(Question.top(prompt, Math.min(1, top)).with(bias)).chosen(),
              vocabulary,
              ForcedToken.BIAS,
              TOLERANCE);
    };
  }
}
