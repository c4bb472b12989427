package io.vec2text.lm;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.vec2text.Embedder;
import io.vec2text.InversionOptions;
import io.vec2text.Inverter;
import io.vec2text.Vectors;
import java.util.List;

/**
 * Guesses a prompt from answers alone, as a caller sees them who is shown no probabilities (the
 * sample inverter of Morris et al. 2024, section 5, a model trained on pairs of answers and
 * prompts). Here nothing is trained: an answer is about what its prompt is about, so the mean of
 * the answers' embeddings is inverted as if it were the prompt's.
 */
public final class SampleInverter {
  private final CausalModel model;
  private final Embedder embedder;
  private final Inverter inverter;
  private final int answers;
  private final int maxTokens;

  /**
   * A sample inverter.
   *
   * @param model whose prompts are guessed
   * @param embedder embeds answers
   * @param inverter of the embedder's space; its first guess counts if it is one of {@code
   *     Search.greedy(0)}
   * @param answers 1 for the most probable answer, more for as many that are drawn at temperature 1
   * @param maxTokens of an answer, at least 1
   */
  public SampleInverter(
      CausalModel model, Embedder embedder, Inverter inverter, int answers, int maxTokens) {
    checkArgument(answers > 0, "answers must be at least 1, were %s", answers);
    checkArgument(maxTokens > 0, "maxTokens must be at least 1, was %s", maxTokens);
    this.model = requireNonNull(model, "model");
    this.embedder = requireNonNull(embedder, "embedder");
    this.inverter = requireNonNull(inverter, "inverter");
    this.answers = answers;
    this.maxTokens = maxTokens;
  }

  /**
   * What the answers to a hidden prompt tell of it.
   *
   * @param prompt given to the model alone
   * @return empty if every answer was
   * @throws io.vec2text.InferenceException if a model fails
   */
  public String guess(String prompt) {
    List<String> said =
        (answers == 1
                ? List.of(model.answer(prompt, maxTokens))
                : model.samples(prompt, answers, maxTokens, prompt.hashCode()))
            .stream().filter(answer -> !answer.isBlank()).toList();
    if (said.isEmpty()) {
      return "";
    }
    float[] mean = new float[embedder.space().dimension()];
    for (float[] vector : embedder.embed(said)) {
      mean = Vectors.add(mean, vector);
    }
    return inverter.invert(Vectors.unit(mean), InversionOptions.defaults()).text();
  }
}
