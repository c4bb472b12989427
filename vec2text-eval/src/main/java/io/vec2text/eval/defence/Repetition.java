package io.vec2text.eval.defence;

import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.TokenEmbedder;
import io.vec2text.Tokenization;
import io.vec2text.Vectors;
import java.util.Arrays;
import java.util.List;

/**
 * Does to the vectors of guesses what was done to the target's: stores them, and restores what can
 * be. So the true text comes as close as if nothing had been lost, while others may, too.
 */
class Repetition implements Embedder {
  private final Embedder embedder;
  private final Transform transform;
  private final Attack attack;

  private Repetition(Embedder embedder, Transform transform, Attack attack) {
    this.embedder = embedder;
    this.transform = transform;
    this.attack = attack;
  }

  /**
   * Repeats a transform and an attack; shows tokens if the embedder does.
   *
   * @param embedder gives the vectors; not closed with this
   * @param transform what the store does, the same each time
   * @param attack what is done about it
   */
  static Embedder of(Embedder embedder, Transform transform, Attack attack) {
    return embedder instanceof TokenEmbedder tokens
        ? new OfTokens(tokens, transform, attack)
        : new Repetition(embedder, transform, attack);
  }

  @Override
  public final EmbeddingSpace space() {
    return embedder.space();
  }

  @Override
  public final float[][] embed(List<String> texts) {
    return Arrays.stream(embedder.embed(texts))
        .map(v -> Vectors.unit(attack.restore(transform, v)))
        .toArray(float[][]::new);
  }

  @Override
  public final String normalize(String text) {
    return embedder.normalize(text);
  }

  private static final class OfTokens extends Repetition implements TokenEmbedder {
    private final TokenEmbedder tokens;

    OfTokens(TokenEmbedder embedder, Transform transform, Attack attack) {
      super(embedder, transform, attack);
      tokens = embedder;
    }

    @Override
    public Tokenization tokenization() {
      return tokens.tokenization();
    }
  }
}
