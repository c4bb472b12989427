package io.vec2text.lm;

import io.vec2text.spi.ForwardingEmbedder;
import java.util.List;

/**
 * The vectors of prompts as an attacker sees them who is shown part of each distribution: those of
 * the states that {@link StateRecovery} finds behind it. Texts whose vectors are to be inverted are
 * embedded by it; the guesses of a search by {@link PromptEmbedder} itself. Closing it closes
 * nothing.
 */
public final class ObservedPrompts extends ForwardingEmbedder {
  private final CausalModel model;
  private final StateRecovery recovery;
  private final ShownPart shown;

  /**
   * An attacker's view.
   *
   * @param model not closed with it
   * @param shown what is shown of each distribution
   */
  public ObservedPrompts(CausalModel model, ShownPart shown) {
    super(new PromptEmbedder(model));
    this.model = model;
    this.recovery = new StateRecovery(model.files());
    this.shown = shown;
  }

  @Override
  public float[][] embed(List<String> prompts) {
    float[][] vectors = model.states(prompts);
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = recovery.vector(shown.of(model.distribution(vectors[i])));
    }
    return vectors;
  }

  @Override
  public void close() {}
}
