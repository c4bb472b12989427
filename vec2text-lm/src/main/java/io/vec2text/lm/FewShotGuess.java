package io.vec2text.lm;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A guess by an instruction model that is shown three examples: the tokens that gained most over
 * their mean log-probability, and the prompt behind them (the few-shot rows of Morris et al. 2024,
 * which ask GPT-3.5 and GPT-4). Where nothing else is at hand the language model is asked itself; a
 * small one guesses badly.
 */
public final class FewShotGuess {
  private static final ImmutableList<String> EXAMPLES =
      ImmutableList.of(
          "Write a short poem about the sea.",
          "How do I sort a list of names in Python?",
          "What were the causes of the First World War?");

  private static final int TOKENS = 30;

  /** Does what it is told, for example {@link CausalModel#answer}, or a large model's server. */
  @FunctionalInterface
  public interface InstructionModel {
    /**
     * The answer.
     *
     * @param prompt what to do
     * @param maxTokens of the answer, at least 1
     */
    String answer(String prompt, int maxTokens);
  }

  private final CausalModel model;
  private final InstructionModel asked;
  private final int maxTokens;
  private final double[] mean;
  private final String examples;

  /**
   * Asks a model for the distributions of three examples.
   *
   * @param model whose prompts are guessed; not closed with it
   * @param asked what guesses; stays the caller's
   * @param maxTokens of a guess, at least 1
   */
  public FewShotGuess(CausalModel model, InstructionModel asked, int maxTokens) {
    checkArgument(maxTokens > 0, "maxTokens must be at least 1, was %s", maxTokens);
    this.model = model;
    this.asked = requireNonNull(asked, "asked");
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
        asked.answer(examples + "\nWords: " + words(seen) + "\nInstruction:", maxTokens));
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
