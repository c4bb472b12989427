package io.vec2text.eval.internal.experiments;

import io.vec2text.Embedder;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.Tokenization;
import io.vec2text.Vectors;
import io.vec2text.eval.internal.setup.OneByOneInverter;
import io.vec2text.spi.WordPredictor;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The bag-of-words system: answers with the most probable words, the likeliest first, as many as
 * the text is estimated to have. A continuation of a word stands as a word of its own. One
 * embedding is spent, to state the cosine.
 */
final class MostProbableWords extends OneByOneInverter {
  private static final int MOST = 64;

  private final WordPredictor predictor;
  private final Embedder embedder;

  /** A system; neither of the two is closed with it. */
  MostProbableWords(WordPredictor predictor, Embedder embedder) {
    super(embedder.space());
    this.predictor = predictor;
    this.embedder = embedder;
  }

  @Override
  protected Found find(float[] target, InversionOptions options) {
    InversionResult.PredictedWords predicted = predictor.predict(List.of(target), MOST).get(0);
    String text =
        predicted.words().stream()
            .limit(predicted.tokens())
            .map(InversionResult.WordProbability::word)
            .map(MostProbableWords::word)
            .collect(Collectors.joining(" "));
    double cosine = Vectors.cosine(embedder.embed(List.of(text))[0], target);
    return new Found(text, cosine, 1, 0);
  }

  private static String word(String name) {
    return name.startsWith(Tokenization.CONTINUATION)
        ? name.substring(Tokenization.CONTINUATION.length())
        : name;
  }
}
