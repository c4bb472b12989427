package io.vec2text.lm;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A guess by an instruction model that is shown three examples: the tokens that gained most over
 * their mean log-probability, and the prompt behind them (the few-shot rows of Morris et al. 2024,
 * which ask GPT-3.5 and GPT-4). Here the language model is asked itself, so that nothing else is
 * needed; a small one guesses badly.
 */
public final class FewShotGuess {
  private static final ImmutableList<String> EXAMPLES =
      ImmutableList.of(
          "Write a short poem about the sea.",
          "How do I sort a list of names in Python?",
          "What were the causes of the First World War?");

  private static final int TOKENS = 30;

  private final CausalModel model;
  private final int maxTokens;
  private final double[] mean;
  private final String examples;

  /**
   * Asks a model for the distributions of three examples.
   *
   * @param model not closed with it
   * @param maxTokens of a guess, at least 1
   */
  public FewShotGuess(CausalModel model, int maxTokens) {
    checkArgument(maxTokens > 0, "maxTokens must be at least 1, was %s", maxTokens);
    this.model = model;
    this.maxTokens = maxTokens;
    ImmutableList<NextTokenDistribution> seen =
        EXAMPLES.stream().map(model::distribution).collect(ImmutableList.toImmutableList());
    mean = new double[seen.get(0).vocabulary()];
    for (NextTokenDistribution one : seen) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += one.logProbabilities().get(i) / seen.size();
      }
    }
    StringBuilder text =
        new StringBuilder(
            "Guess the instruction that a model was given from the first words that it would"
                + " answer.\n");
    for (int i = 0; i < EXAMPLES.size(); i++) {
      text.append("\nWords: ").append(words(seen.get(i)));
      text.append("\nInstruction: ").append(EXAMPLES.get(i)).append('\n');
    }
    examples = text.toString();
  }

  /**
   * A guess of the prompt behind a distribution.
   *
   * @param seen the whole distribution
   * @return one line; may be empty
   */
  public String guess(NextTokenDistribution seen) {
    checkArgument(seen.isFull(), "expected a whole distribution, found %s", seen);
    return FirstLine.of(
        model.answer(examples + "\nWords: " + words(seen) + "\nInstruction:", maxTokens));
  }

  private String words(NextTokenDistribution seen) {
    List<Integer> tokens = new ArrayList<>();
    for (int i = 0; i < mean.length; i++) {
      tokens.add(i);
    }
    tokens.sort(Comparator.comparingDouble(i -> mean[i] - seen.logProbabilities().get(i)));
    List<String> words = new ArrayList<>();
    for (int token : tokens.subList(0, Math.min(TOKENS, tokens.size()))) {
      words.add(model.tokenization().decode(new int[] {token}).strip());
    }
    return String.join(", ", words);
  }
}
