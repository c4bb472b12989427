package io.vec2text.eval.internal.experiments;

import io.vec2text.Embedder;
import io.vec2text.InversionOptions;
import io.vec2text.Vectors;
import io.vec2text.eval.Overlap;
import io.vec2text.eval.internal.setup.OneByOneInverter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The answers of an {@link AskedSystem}, as if they had been found of the texts' vectors. */
final class AskedInverter extends OneByOneInverter {
  private final AskedSystem system;
  private final TargetTexts texts;
  private final Embedder embedder;
  private final boolean best;
  private final Map<Question, String> answers;

  private record Question(int text, int way) {}

  private AskedInverter(
      AskedSystem system,
      TargetTexts texts,
      Embedder embedder,
      boolean best,
      Map<Question, String> answers) {
    super(embedder.space());
    this.system = system;
    this.texts = texts;
    this.embedder = embedder;
    this.best = best;
    this.answers = answers;
  }

  /**
   * Asks of each text in one way, in turn: what it scores, a way of asking scores on average.
   *
   * @param embedder not closed with it
   */
  static AskedInverter inTurn(AskedSystem system, TargetTexts texts, Embedder embedder) {
    return new AskedInverter(system, texts, embedder, false, new ConcurrentHashMap<>());
  }

  /**
   * Asks of each text in all ways, and answers with what is closest to the text (token F1): an
   * upper bound, as an attacker can't know which that is. Remembers what this was answered.
   */
  AskedInverter oracle() {
    return new AskedInverter(system, texts, embedder, true, answers);
  }

  @Override
  protected Found find(float[] target, InversionOptions options) {
    int text = texts.nearest(target);
    String found = answer(text, text % system.ways());
    int asked = 1;
    if (best) {
      double highest = f1(found, text);
      for (int way = 0; way < system.ways(); way++) {
        String other = answer(text, way);
        double f1 = f1(other, text);
        if (f1 > highest) {
          highest = f1;
          found = other;
        }
      }
      asked = system.ways();
    }
    return new Found(
        found,
        found.isBlank() ? 0 : Vectors.cosine(embedder.embed(List.of(found))[0], target),
        asked,
        0);
  }

  private String answer(int text, int way) {
    return answers.computeIfAbsent(
        new Question(text, way), q -> system.asking().answer(texts.text(text), way));
  }

  private double f1(String found, int text) {
    return Overlap.ofWords(found, texts.text(text)).f1();
  }
}
