package io.vec2text.lm;

import java.util.Map;

/** An interface of a language model that takes a logit bias, for one prompt. */
public interface BiasedInterface {

  /** An interface that shows the log-probabilities of the k most probable tokens, as biased. */
  @FunctionalInterface
  interface Top extends BiasedInterface {
    /**
     * One call.
     *
     * @param bias what to add to the logits of tokens, by token
     * @return the most probable tokens with that bias, with their log-probabilities
     */
    NextTokenDistribution top(Map<Integer, Double> bias);
  }

  /** An interface that answers at temperature 0 and shows no probabilities. */
  @FunctionalInterface
  interface Argmax extends BiasedInterface {
    /**
     * One call.
     *
     * @param bias what to add to the logits of tokens, by token
     * @return the most probable token with that bias
     */
    int argmax(Map<Integer, Double> bias);
  }
}
