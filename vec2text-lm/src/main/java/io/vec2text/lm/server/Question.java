package io.vec2text.lm.server;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import java.util.Map;

/**
 * One call: what is asked of the token after a prompt.
 *
 * @param top how many of the most probable tokens to show; 0 for no log-probabilities
 * @param ids tokens whose log-probabilities to show; empty for the most probable
 * @param bias what to add to the logits of tokens
 * @param repetition from 0 on, to ask the same thing again
 */
record Question(
    String prompt,
    int top,
    ImmutableList<Integer> ids,
    ImmutableSortedMap<Integer, Double> bias,
    int repetition) {

  /** Of the most probable tokens. */
  static Question top(String prompt, int top) {
    return new Question(prompt, top, ImmutableList.of(), ImmutableSortedMap.of(), 0);
  }

  Question with(Map<Integer, Double> bias) {
    return new Question(prompt, top, ids, ImmutableSortedMap.copyOf(bias), repetition);
  }

  Question of(Iterable<Integer> ids) {
    return new Question(prompt, top, ImmutableList.copyOf(ids), bias, repetition);
  }

  Question again(int repetition) {
    return new Question(prompt, top, ids, bias, repetition);
  }

  /** How much is asked; the prompt is somebody's. */
  @Override
  public String toString() {
    return "Question[top " + top + ", " + ids.size() + " ids, " + bias.size() + " biases]";
  }
}
