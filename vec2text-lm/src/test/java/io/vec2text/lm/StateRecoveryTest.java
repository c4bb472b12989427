package io.vec2text.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vec2text.Vectors;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class StateRecoveryTest {
  private static final int PROMPTS = 40;

  private static CausalModel model;
  private static PromptEmbedder embedder;
  private static StateRecovery recovery;
  private static List<String> prompts;
  private static float[][] states;

  @BeforeAll
  static void open() throws IOException {
    model = Toy.open();
    embedder = new PromptEmbedder(model);
    recovery = new StateRecovery(model.files());
    List<String> all = Toy.prompts();
    prompts = all.subList(all.size() - PROMPTS, all.size());
    states = model.states(prompts);
  }

  @AfterAll
  static void close() {
    embedder.close();
  }

  /** Mean cosine of recovered vectors with the true ones. */
  private static double cosine(UnaryOperator<NextTokenDistribution> view) {
    double sum = 0;
    for (float[] state : states) {
      float[] found = recovery.vector(view.apply(model.distribution(state)));
      sum += Vectors.cosine(found, embedder.vector(state));
    }
    return sum / states.length;
  }

  @Test
  void allLogProbabilitiesGiveTheStateBack() {
    for (float[] state : states) {
      RecoveredState found = recovery.recover(model.distribution(state));
      assertThat(Vectors.norm(Vectors.subtract(found.state(), state)))
          .isLessThan(1e-5 * Vectors.norm(state));
      assertThat(found.cosine()).isGreaterThan(.99999);
    }
  }

  @Test
  void asManyTokensAsComponentsAndOneSuffice() {
    int width = model.files().width();
    assertThat(cosine(d -> d.top(width + 1))).isGreaterThan(.9999);
  }

  @Test
  void roundingAndTemperatureCostLittle() {
    assertThat(cosine(d -> d.rounded(2))).isGreaterThan(.999);
    assertThat(cosine(d -> d.atTemperature(1.7).rounded(3))).isGreaterThan(.999);
    assertThat(cosine(d -> d.probabilitiesRounded(4))).isGreaterThan(.9);
  }

  @Test
  void thePriorFillsInWhatFewTokensLeaveOpen() {
    double ten = cosine(d -> d.top(10));
    double five = cosine(d -> d.top(5));
    assertThat(ten).isGreaterThan(five);
    assertThat(five).isGreaterThan(.3);
  }

  @Test
  void theUncertaintyIsWhatItSays() {
    double squares = 0;
    double expected = 0;
    for (float[] state : states) {
      RecoveredState found = recovery.recover(model.distribution(state).top(12));
      double off = Vectors.norm(Vectors.subtract(found.state(), state));
      squares += off * off;
      expected += found.deviation() * found.deviation();
    }
    assertThat(Math.sqrt(squares / expected)).isBetween(.6, 1.6);
  }

  @Test
  void bothFormsOfTheEstimateAgree() {
    // Just above and below the number of tokens at which the other form is used.
    int width = model.files().width();
    NextTokenDistribution d = model.distribution(states[0]).rounded(1);
    float[] dual = recovery.recover(d.top(width)).state();
    float[] primal = recovery.recover(d.top(width + 1)).state();
    assertThat(Vectors.cosine(dual, primal)).isGreaterThan(.9);
  }

  @Test
  void theModelsOwnDistributionsFit() {
    for (float[] state : states) {
      NextTokenDistribution seen = model.distribution(state);
      assertThat(recovery.recover(seen).misfit()).isLessThan(3);
      assertThat(recovery.recover(seen.rounded(2)).misfit()).isBetween(.7, 1.3);
      assertThat(recovery.recover(seen.atTemperature(1.7)).isForeign()).isFalse();
      assertThat(recovery.recover(seen.top(12)).misfit()).isNaN();
      assertThat(recovery.recover(seen.top(12)).isForeign()).isFalse();
    }
  }

  @Test
  void thoseOfTheModelAtAnotherPrecisionDoNotFit() {
    OutputMatrix output = model.files().output();
    for (float[] state : states) {
      double[] logits = new double[output.vocabulary()];
      for (int i = 0; i < logits.length; i++) {
        float[] row = output.row(i);
        for (int j = 0; j < row.length; j++) {
          logits[i] += bfloat16(row[j]) * bfloat16(state[j]);
        }
      }
      RecoveredState found = recovery.recover(NextTokenDistribution.ofLogits(logits));
      assertThat(found.isForeign()).isTrue();
      assertThat(found.cosine()).isGreaterThan(.999);
    }
  }

  private static float bfloat16(float x) {
    return Float.intBitsToFloat((Float.floatToIntBits(x) + 0x8000) & 0xFFFF0000);
  }

  @Test
  void anotherVocabularyIsRefused() {
    assertThatThrownBy(
            () -> recovery.recover(NextTokenDistribution.ofLogits(new double[] {1, 2, 3})))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the distribution is over 3 tokens, but the model has 420");
  }

  @Test
  void theHiddenSizeShowsInEnoughDistributions() {
    List<NextTokenDistribution> all =
        prompts.stream().map(p -> model.distribution(p).rounded(4)).toList();
    Optional<HiddenSize> size = HiddenSize.of(all);
    assertThat(size).map(HiddenSize::size).hasValue(model.files().width());
    assertThat(HiddenSize.of(all.subList(0, 15))).isEmpty();
  }

  @Test
  void vectorsAreCentredAndOfUnitLength() throws IOException {
    float[][] vectors = embedder.embed(Toy.prompts());
    double sum = 0;
    Random random = new Random(1);
    for (int i = 0; i < 300; i++) {
      float[] a = vectors[random.nextInt(vectors.length)];
      float[] b = vectors[random.nextInt(vectors.length)];
      assertThat(Vectors.norm(a)).isCloseTo(1, within(1e-5));
      sum += a == b ? 0 : Vectors.cosine(a, b);
    }
    assertThat(sum / 300).isBetween(-.15, .15);
    assertThat(embedder.space().dimension()).isEqualTo(24);
  }
}
