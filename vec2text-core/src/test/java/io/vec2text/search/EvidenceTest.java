package io.vec2text.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vec2text.Evidence;
import io.vec2text.Evidence.Kind;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.Outcome;
import io.vec2text.StopReason;
import io.vec2text.Vectors;
import io.vec2text.Verdict;
import io.vec2text.spi.VectorStatistics;
import io.vec2text.testing.ToyCorrector;
import io.vec2text.testing.ToyEmbedder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EvidenceTest {
  private static final String TEXT = "the old king loved the sea";

  private final ToyEmbedder embedder = new ToyEmbedder();
  private final VectorStatistics statistics = embedder.statistics();
  private final IterativeInverter inverter =
      IterativeInverter.builder(embedder, new ToyCorrector(embedder, statistics)).build();
  private final IterativeInverter unaware =
      IterativeInverter.builder(embedder, new ToyCorrector(embedder)).build();

  private float[] vector(String text) {
    return embedder.embed(List.of(text))[0];
  }

  private static InversionOptions.Builder budget(int embeddings) {
    return InversionOptions.builder().maxEmbeddings(embeddings);
  }

  /** Around the opposite of the mean, where no text's vector is. */
  private float[] foreign(int seed) {
    Random random = new Random(seed);
    float[] vector = statistics.mean().clone();
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (random.nextGaussian() / 20) - 2 * vector[i];
    }
    return Vectors.unit(vector);
  }

  private static float[] signs(float[] vector, float low, float high) {
    float[] signs = vector.clone();
    for (int i = 0; i < signs.length; i++) {
      signs[i] = vector[i] > 0 ? high : low;
    }
    return signs;
  }

  private static List<Kind> kinds(InversionResult result) {
    return result.evidence().stream().map(Evidence::kind).toList();
  }

  @Test
  void ownVectorsShowNothing() {
    Random random = new Random(3);
    for (int i = 0; i < 20; i++) {
      float[] vector = vector(ToyEmbedder.text(1 + random.nextInt(12), random));
      assertThat(kinds(inverter.invert(vector, budget(4).build()))).isEmpty();
    }
  }

  @Test
  void anotherModelsVectorIsNotSearched() {
    long before = embedder.embedded();
    for (int seed = 0; seed < 20; seed++) {
      InversionResult r = inverter.invert(foreign(seed));
      assertThat(kinds(r)).containsExactly(Kind.OTHER_MODEL);
      assertThat(r.evidence().get(0).line()).contains("not one of this model's vectors", "toy");
      assertThat(r.stop()).isEqualTo(StopReason.NOT_SEARCHED);
      assertThat(r.verdict()).isEqualTo(Verdict.FAILED);
      assertThat(r.text()).isEmpty();
      assertThat(r.words()).isEmpty();
      assertThat(r.predictedWords()).isEmpty();
      assertThat(r.cost().embedderCalls()).isZero();
    }
    assertThat(embedder.embedded()).isEqualTo(before);
  }

  @Test
  void anotherModelsVectorIsSearchedAnywayIfAskedFor() {
    InversionResult r = inverter.invert(foreign(1), budget(20).searchAnyway(true).build());
    assertThat(kinds(r)).containsExactly(Kind.OTHER_MODEL);
    assertThat(r.text()).isNotEmpty();
    assertThat(r.words()).isEmpty();
    assertThat(r.predictedWords()).isEmpty();
  }

  @Test
  void aConstantVectorIsNoModels() {
    float[] constant = new float[ToyEmbedder.DIMENSION];
    Arrays.fill(constant, 0.125f);
    assertThat(kinds(unaware.invert(constant))).containsExactly(Kind.OTHER_MODEL);
  }

  @Test
  void signsAreSearchedAsSigns() {
    float[] vector = vector("a dog slept");
    for (float[] code : List.of(signs(vector, -1, 1), signs(vector, 0, 1))) {
      for (IterativeInverter any : List.of(inverter, unaware)) {
        InversionResult r = any.invert(code, budget(400).build());
        assertThat(kinds(r)).containsExactly(Kind.SIGN_CODE);
        assertThat(r.text()).contains("dog slept");
        assertThat(r.cosine()).isGreaterThan(0.99);
        // So few signs are shared by several texts.
        assertThat(r.verdict()).isEqualTo(Verdict.CLOSE);
      }
    }
  }

  @Test
  void firstComponentsAreSearchedAsSuch() {
    int left = 48;
    float[] vector = vector(TEXT);
    float[] padded = Arrays.copyOf(Arrays.copyOf(vector, left), vector.length);
    for (IterativeInverter any : List.of(inverter, unaware)) {
      InversionResult r = any.invert(padded, budget(600).build());
      assertThat(kinds(r)).containsExactly(Kind.ZERO_PADDED);
      assertThat(r.text()).isEqualTo(TEXT);
      assertThat(r.verdict()).isEqualTo(Verdict.EXACT);
      InversionOptions declared = budget(600).truncated(left).build();
      for (float[] given : List.of(Vectors.unit(Arrays.copyOf(vector, left)), vector, padded)) {
        r = any.invert(given, declared);
        assertThat(kinds(r)).containsExactly(Kind.TRUNCATED);
        assertThat(r.text()).isEqualTo(TEXT);
      }
    }
  }

  @Test
  void aTruncationIsOfTheDeclaredLength() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> inverter.invert(new float[32], budget(9).truncated(48).build()))
        .withMessageContaining("dimension 32");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> inverter.invert(vector(TEXT), budget(9).truncated(64).build()))
        .withMessageContaining("expected fewer than the 64");
    assertThatIllegalArgumentException().isThrownBy(() -> budget(9).truncated(0));
  }

  @Test
  void whatTooFewComponentsSayIsNeverExact() {
    InversionResult r = inverter.invert(vector("a dog"), budget(300).truncated(4).build());
    assertThat(r.verdict()).isNotEqualTo(Verdict.EXACT);
  }

  @Test
  void anAverageIsTold() {
    float[] sum = vector("a dog slept");
    for (String text : List.of(TEXT, "cold rain", "her bright window closed")) {
      sum = Vectors.add(sum, vector(text));
    }
    for (int i = 0; i < sum.length; i++) {
      sum[i] /= 4;
    }
    InversionResult r = inverter.invert(sum, budget(9).build());
    assertThat(kinds(r)).containsExactly(Kind.AVERAGED);
    assertThat(r.evidence().get(0).line()).contains("length is 0.").contains("mean of several");
  }

  @Test
  void whatWasCentredIsSearchedAroundTheMean() {
    float[] centred = Vectors.subtract(vector(TEXT), statistics.mean());
    InversionResult r = inverter.invert(centred, budget(600).build());
    assertThat(kinds(r)).containsExactly(Kind.CENTRED);
    assertThat(r.text()).isEqualTo(TEXT);
  }

  @Test
  void whatWasScaledDownIsNeitherCentredNorAveraged() {
    for (float factor : new float[] {1e-30f, 1e-3f}) {
      float[] scaled = new float[ToyEmbedder.DIMENSION];
      Surrogate.add(scaled, factor, vector(TEXT));
      InversionResult r = inverter.invert(scaled, budget(600).build());
      assertThat(kinds(r)).isEmpty();
      assertThat(r.text()).isEqualTo(TEXT);
      assertThat(r.verdict()).isEqualTo(Verdict.EXACT);
    }
  }

  @Test
  void theEmptyTextIsToldFirst() {
    InversionResult r = inverter.invert(vector(""));
    assertThat(kinds(r)).containsExactly(Kind.EMPTY_TEXT);
    assertThat(r.text()).isEmpty();
    assertThat(r.verdict()).isEqualTo(Verdict.EXACT);
    assertThat(r.cost().embedderCalls()).isOne();
  }

  @Test
  void equalVectorsAreSearchedOnce() {
    float[] vector = vector(TEXT);
    float[] other = vector("cold rain");
    List<InversionResult> results =
        inverter.invertAll(List.of(vector, other, vector.clone(), vector)).stream()
            .map(Outcome::orThrow)
            .toList();
    assertThat(results.get(0).evidence()).isEmpty();
    assertThat(results.get(1).evidence()).isEmpty();
    for (InversionResult again : results.subList(2, 4)) {
      assertThat(kinds(again)).containsExactly(Kind.DUPLICATE);
      assertThat(again.text()).isEqualTo(TEXT);
      assertThat(again.cost().embedderCalls()).isZero();
    }
  }

  @Test
  void unknownTokensAreTold() {
    InversionResult r = inverter.invert(vector("the zebra slept"), budget(1000).build());
    assertThat(r.text()).isEqualTo("the [unk] slept");
    assertThat(r.verdict()).isEqualTo(Verdict.EXACT);
    assertThat(kinds(r)).containsExactly(Kind.UNKNOWN_TOKENS);
    assertThat(r.evidence().get(0).line()).contains("[unk]");
  }
}
