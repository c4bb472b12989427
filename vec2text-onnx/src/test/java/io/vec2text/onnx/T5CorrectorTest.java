package io.vec2text.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.Ints;
import io.vec2text.Cancellation;
import io.vec2text.Embedder;
import io.vec2text.spi.Corrector;
import io.vec2text.spi.Decoding;
import io.vec2text.spi.Hypothesis;
import io.vec2text.testing.CorrectorContract;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A converted toy checkpoint, through the contract of every corrector. */
class T5CorrectorTest extends CorrectorContract {
  private static final ModelPackage MODEL = ModelPackage.open(T5Toy.folder());

  @Override
  protected Corrector create() {
    return T5Corrector.open(MODEL, Device.CPU, 0);
  }

  @Override
  protected Embedder embedder() {
    return OnnxEmbedder.open(MODEL, Device.CPU, 0);
  }

  @Test
  void textsAreAsLongAsAskedFor() {
    try (Corrector corrector = create();
        Embedder embedder = embedder()) {
      float[] target = embedder.embed(List.of("The king was born in the north."))[0];
      for (int beams : List.of(1, 3)) {
        for (Corrector.Candidate c :
            corrector
                .correct(
                    List.of(Corrector.Request.first(target, 1)),
                    new Decoding.Beam(beams, 3, 4),
                    new Cancellation())
                .get(0)) {
          assertThat(c.tokens()).hasSizeBetween(3, 4);
        }
      }
    }
  }

  @Test
  void aHypothesisIsCorrectedAsTheTokensThatItCarries() {
    try (Corrector corrector = create();
        Embedder embedder = embedder()) {
      String text = "The king was born in the north.";
      float[] target = embedder.embed(List.of(text))[0];
      float[] own = embedder.embed(List.of("The town"))[0];
      List<Integer> tokens = correct(corrector, target, new Hypothesis("The town", own, 0.5));
      List<Integer> same = read("The town");
      assertThat(correct(corrector, target, new Hypothesis("ignored", own, 0.5, same)))
          .isEqualTo(tokens);
    }
  }

  private static List<Integer> correct(Corrector corrector, float[] target, Hypothesis hypothesis) {
    return corrector
        .correct(
            List.of(Corrector.Request.of(target, hypothesis, 1)),
            Decoding.greedy(),
            new Cancellation())
        .get(0)
        .get(0)
        .tokens();
  }

  /** A text's tokens with the end. */
  private static List<Integer> read(String text) {
    try (HfTokenization tokenizer = HfTokenization.open(MODEL.file("tokenizer.json"))) {
      List<Integer> tokens = new ArrayList<>(Ints.asList(tokenizer.encode(List.of(text)).get(0)));
      tokens.add(MODEL.inversion().tokens().sep());
      return tokens;
    }
  }
}
