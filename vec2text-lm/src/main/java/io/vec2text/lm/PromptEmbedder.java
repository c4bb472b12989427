package io.vec2text.lm;

import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.EmbeddingSpace.Pooling;
import io.vec2text.Tokenization;
import java.util.List;
import java.util.Optional;

/**
 * A language model as an embedder of prompts: a prompt's vector is the final state h after it, less
 * the mean state μ of calibration prompts, of unit length: (h − μ) / |h − μ|.
 *
 * <p>Without the mean, of which all states share most, every cosine would be near 1. A distribution
 * that was observed gives the same vector by way of {@link StateRecovery}. The chat template is
 * part of the space.
 */
public final class PromptEmbedder implements Embedder {
  private final CausalModel model;
  private final EmbeddingSpace space;

  /**
   * An embedder.
   *
   * @param model is closed with it
   */
  public PromptEmbedder(CausalModel model) {
    this.model = model;
    this.space = space(model.files());
  }

  /** The space of a language model's prompts. */
  public static EmbeddingSpace space(LanguageModelPackage files) {
    return new EmbeddingSpace(
        files.modelId(),
        files.after().isEmpty() ? "bare" : "chat",
        files.width(),
        Pooling.UNKNOWN,
        true,
        files.before(),
        files.context());
  }

  /** The language model. */
  public CausalModel model() {
    return model;
  }

  /**
   * The vector of a state.
   *
   * @param state float [width], as the model gives it or as it was recovered
   */
  public float[] vector(float[] state) {
    return model.statistics().vector(state);
  }

  @Override
  public EmbeddingSpace space() {
    return space;
  }

  @Override
  public float[][] embed(List<String> prompts) {
    float[][] states = model.states(prompts);
    for (int i = 0; i < states.length; i++) {
      states[i] = vector(states[i]);
    }
    return states;
  }

  /** The prompt itself: a language model sees case and spacing. It is cut off at its limit. */
  @Override
  public String normalize(String prompt) {
    return model.read(prompt);
  }

  @Override
  public Optional<Tokenization> tokenization() {
    return Optional.of(model.tokenization());
  }

  @Override
  public void close() {
    model.close();
  }
}
