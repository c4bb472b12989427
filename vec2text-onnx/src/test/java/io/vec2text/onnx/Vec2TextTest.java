package io.vec2text.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.Lists;
import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.InversionResult.Cost;
import io.vec2text.InversionResult.Round;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import io.vec2text.StopReason;
import io.vec2text.Tokenization;
import io.vec2text.Vec2TextException;
import io.vec2text.Verdict;
import io.vec2text.search.Search;
import io.vec2text.testing.InverterContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The trained package of all-MiniLM-L6-v2, through the contract of every inverter. */
class Vec2TextTest extends InverterContract {
  private static final String MODEL = "sentence-transformers/all-MiniLM-L6-v2";

  /** Found at the first guess or soon after it, whatever the seed. */
  private static final String EASY = "He died in 1905.";

  private static final List<String> TEXTS =
      List.of(
          "The museum was opened to the public in May 1923.",
          "Two of the boats, painted blue and white, were lost in the storm that night.",
          EASY,
          "She is the author of three novels and several plays.");

  private static final Kept<Vec2Text> INVERTER =
      new Kept<>(
          () -> Vec2Text.builder().model(MODEL).device(Device.CPU).search(Search.pool()).open(),
          v -> v.invertAll(List.of()));

  private Vec2Text inverter;

  @Override
  protected Inverter create() {
    inverter = INVERTER.get();
    return inverter;
  }

  @Override
  protected void release(Inverter inverter) {}

  @AfterAll
  static void closeKept() throws Exception {
    INVERTER.close();
  }

  @Override
  protected List<float[]> vectors() {
    return List.of(inverter.embedder().embed(TEXTS.subList(0, 3)));
  }

  @Override
  protected InversionOptions.Builder options() {
    return InversionOptions.builder().maxEmbeddings(30);
  }

  @Override
  protected double tolerance() {
    return 1e-6;
  }

  private float[] vector(String text) {
    return inverter.embedder().embed(List.of(text))[0];
  }

  @Test
  void findsAShortSentenceExactly() {
    for (long seed = 0; seed < 3; seed++) {
      InversionResult r =
          inverter.invert(vector(EASY), InversionOptions.builder().seed(seed).build());
      assertThat(r.text()).isEqualTo("he died in 1905.").isEqualTo(normal(EASY));
      assertThat(r.verdict()).isEqualTo(Verdict.EXACT);
      assertThat(r.stop()).isEqualTo(StopReason.EXACT);
      assertThat(r.cost().embedderCalls()).isBetween(1, 999);
      assertThat(r.cost().decodes()).isPositive();
      assertThat(r.cost().work()).isPositive();
      assertThat(r.exceedsSupportedLength()).isFalse();
    }
    assertThat(inverter.statistics().embedderCalls()).isPositive();
  }

  private String normal(String text) {
    return inverter.embedder().normalize(text);
  }

  @Test
  void saysWhatItsResultsDependOn() {
    assertThat(inverter.versions()).containsOnlyKeys("models", "onnxruntime", "device");
    assertThat(inverter.versions().get("models"))
        .matches("\\S+ \\p{XDigit}{64}")
        .endsWith(inverter.model().sha256());
    assertThat(ModelPackage.onClassPath(MODEL).sha256()).isEqualTo(inverter.model().sha256());
  }

  @Test
  void rescalesAVectorAndNotesItsLength() {
    float[] vector = vector(EASY);
    for (int i = 0; i < vector.length; i++) {
      vector[i] *= 2.5f;
    }
    InversionResult r = inverter.invert(vector);
    assertThat(r.text()).isEqualTo("he died in 1905.");
    assertThat(r.verdict()).isEqualTo(Verdict.EXACT);
    assertThat(r.vectorNorm()).isCloseTo(2.5, within(1e-5));
  }

  @Test
  void rowsThatAreNoVectorsSayWhatIsWrongWithThem() {
    float[] nan = vector(EASY);
    nan[7] = Float.NaN;
    List<Outcome> outcomes =
        inverter.invertAll(
            List.of(vector(EASY), nan, new float[384], vector(TEXTS.get(0)), new float[768]),
            options().build());
    assertThat(outcomes.get(0).orThrow().text()).isEqualTo("he died in 1905.");
    assertThat(outcomes.get(1))
        .hasToString("failed: component 7 of the vector is NaN, expected finite numbers");
    assertThat(outcomes.get(2))
        .hasToString("failed: the vector is zero, expected one with a direction");
    assertThat(outcomes.get(3).orThrow().text()).isNotEmpty();
    assertThat(outcomes.get(4))
        .hasToString("failed: vector has dimension 768, but " + MODEL + " has dimension 384");
  }

  /** With more embeddings than the contract's, and its alternatives. */
  @Test
  @Override
  protected void aBatchKeepsItsOrderAndEqualsSingleCalls() {
    InversionOptions options = options().maxEmbeddings(60).build();
    List<float[]> vectors = List.of(inverter.embedder().embed(TEXTS));
    List<Outcome> outcomes = inverter.invertAll(vectors, options);
    for (int i = 0; i < TEXTS.size(); i++) {
      InversionResult together = outcomes.get(i).orThrow();
      InversionResult alone = inverter.invert(vectors.get(i), options);
      assertSame(together, alone);
      assertThat(together.alternatives()).hasSameSizeAs(alone.alternatives());
    }
  }

  /** In every detail, the trace included. */
  @Test
  @Override
  protected void theSameSeedGivesTheSameResults() {
    InversionOptions options = options().seed(7).trace(true).build();
    List<InversionResult> first = results(options);
    assertThat(results(options)).isEqualTo(first);
    assertThat(first).hasSize(3).allSatisfy(r -> assertThat(r.trace()).isNotEmpty());
  }

  /** The results, but for the time that they took. */
  private List<InversionResult> results(InversionOptions options) {
    List<InversionResult> results = new ArrayList<>();
    for (Outcome outcome : inverter.invertAll(vectors(), options)) {
      InversionResult r = outcome.orThrow();
      results.add(
          r.toBuilder()
              .cost(new Cost(r.cost().embedderCalls(), r.cost().decodes(), Duration.ZERO))
              .trace(
                  Lists.transform(
                      r.trace(),
                      t -> new Round(t.embedderCalls(), Duration.ZERO, t.text(), t.cosine())))
              .evidence(List.of())
              .build());
    }
    return results;
  }

  @Test
  void nothingThatIsLoggedHoldsTheText() {
    Outcome outcome =
        inverter.invertAll(List.of(vector(EASY)), options().trace(true).build()).get(0);
    InversionResult r = outcome.orThrow();
    assertThat(r.text()).isEqualTo("he died in 1905.");
    assertThat(List.of(outcome, r, r.alternatives(), r.trace(), r.cost(), inverter))
        .allSatisfy(o -> assertThat(o.toString()).doesNotContainIgnoringCase("died", "1905"));
  }

  @Test
  void saysWhichPackagesThereAreInPlaceOfAMissingOne() {
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> Vec2Text.open("text-embedding-3-small"))
        .withMessageContaining("no model package for text-embedding-3-small on the class path")
        .withMessageContaining("expected one of [" + MODEL + " (fp32, 384)]");
  }

  @Test
  void refusesAnEmbedderOfAnotherSpace() {
    Embedder other =
        new Renamed(inverter.embedder(), EmbeddingSpace.of("text-embedding-3-small", 384));
    assertThatExceptionOfType(Vec2TextException.class)
        .isThrownBy(() -> Vec2Text.builder().model(MODEL).embedder(other).open())
        .withMessageContaining("the corrector is for " + MODEL + " (fp32, 384)")
        .withMessageContaining("but the embedder is text-embedding-3-small (384)");
    // It is still the caller's.
    assertThat(other.embed(List.of("a"))).hasNumberOfRows(1);
  }

  /** An embedder that claims another space. */
  private record Renamed(Embedder embedder, EmbeddingSpace space) implements Embedder {
    @Override
    public Optional<Tokenization> tokenization() {
      return embedder.tokenization();
    }

    @Override
    public float[][] embed(List<String> texts) {
      return embedder.embed(texts);
    }

    @Override
    public void close() {
      embedder.close();
    }
  }

  @Test
  void theBuilderRefusesAtOnceWhatCannotWork() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Vec2Text.builder().maxConcurrentTargets(0))
        .withMessage("maxConcurrentTargets must be at least 1, was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Vec2Text.builder().threads(100_000))
        .withMessage("threads must be from 0 to 1024, was 100000");
  }
}
