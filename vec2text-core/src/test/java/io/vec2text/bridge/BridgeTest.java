package io.vec2text.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.Inverter;
import io.vec2text.Vectors;
import io.vec2text.Verdict;
import io.vec2text.search.IterativeInverter;
import io.vec2text.search.Search;
import io.vec2text.spi.Corrector;
import io.vec2text.spi.ForwardingEmbedder;
import io.vec2text.spi.TokenContributions;
import io.vec2text.testing.ToyCorrector;
import io.vec2text.testing.ToyEmbedder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.RandomMatrices_DDRM;
import org.junit.jupiter.api.Test;

class BridgeTest {
  private static final int PAIRS = 400;

  /** The toy's vectors, turned by a random rotation: another space with nothing lost. */
  private static final class Rotated extends ForwardingEmbedder {
    private static final EmbeddingSpace SPACE = EmbeddingSpace.of("rotated", ToyEmbedder.DIMENSION);
    private final DMatrixRMaj rotation =
        RandomMatrices_DDRM.orthogonal(ToyEmbedder.DIMENSION, ToyEmbedder.DIMENSION, new Random(7));

    Rotated(Embedder embedder) {
      super(embedder);
    }

    @Override
    public EmbeddingSpace space() {
      return SPACE;
    }

    @Override
    public float[][] embed(List<String> texts) {
      return Stream.of(delegate().embed(texts)).map(this::turned).toArray(float[][]::new);
    }

    private float[] turned(float[] vector) {
      float[] turned = new float[vector.length];
      for (int i = 0; i < turned.length; i++) {
        for (int j = 0; j < vector.length; j++) {
          turned[i] += (float) (rotation.get(i, j) * vector[j]);
        }
      }
      return turned;
    }
  }

  private final ToyEmbedder toy = new ToyEmbedder();
  private final Rotated rotated = new Rotated(toy);

  private List<String> texts(int n, long seed) {
    Random random = new Random(seed);
    return IntStream.range(0, n)
        .mapToObj(i -> ToyEmbedder.text(2 + random.nextInt(8), random))
        .toList();
  }

  private CalibrationPairs pairs(int n) {
    List<String> texts = texts(n, 1);
    return new CalibrationPairs(
        toy.tokenization().orElseThrow().encode(texts), rotated.embed(texts), toy.embed(texts));
  }

  private static float[][] oneHot() {
    int n = ToyEmbedder.vocabulary().size();
    float[][] rows = new float[n][n];
    for (int i = 0; i < n; i++) {
      rows[i][i] = 1;
    }
    return rows;
  }

  private BridgeFit fit(CalibrationPairs pairs) {
    return BridgeFit.of(Rotated.SPACE, ToyEmbedder.SPACE, pairs, oneHot());
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Table(float[][] rows) implements TokenContributions {
    @Override
    public float[] of(int token) {
      return rows[token];
    }

    @Override
    public List<Integer> nearest(float[] direction, int n) {
      return IntStream.range(0, rows.length)
          .boxed()
          .sorted(
              (a, b) ->
                  Double.compare(Vectors.dot(rows[b], direction), Vectors.dot(rows[a], direction)))
          .limit(n)
          .toList();
    }
  }

  @Test
  void aRotationIsLearnedExactly() {
    BridgeFit fit = fit(pairs(PAIRS));

    assertThat(fit.cosine()).isGreaterThan(0.999);
    assertThat(fit.explained()).isGreaterThan(0.6);
    float[] vector = rotated.embed(List.of("the old king slept"))[0];
    assertThat(Vectors.cosine(fit.map().apply(vector), toy.embed(List.of("the old king slept"))[0]))
        .isGreaterThan(0.999);
  }

  @Test
  void textsAreFoundOverABridgeAsWithout() {
    BridgeFit fit = fit(pairs(PAIRS));
    SpaceBridge bridge =
        new SpaceBridge(
            Rotated.SPACE,
            ToyEmbedder.SPACE,
            fit.map(),
            new Table(fit.contributions()),
            fit.statistics());
    Corrector corrector = bridge.corrector(new ToyCorrector(toy), toy);
    Embedder oracle = SpaceBridge.embedder(rotated, toy.tokenization().orElseThrow());
    List<String> texts = texts(20, 2);
    try (Inverter inverter =
        IterativeInverter.builder(oracle, corrector).search(Search.pool()).threads(1).build()) {
      List<InversionResult> results =
          inverter
              .invertAll(
                  Arrays.asList(rotated.embed(texts)),
                  InversionOptions.builder().maxEmbeddings(300).build())
              .stream()
              .map(o -> o.orThrow())
              .toList();

      for (int i = 0; i < texts.size(); i++) {
        if (results.get(i).verdict() == Verdict.EXACT) {
          assertThat(results.get(i).text()).isEqualTo(texts.get(i));
        }
      }
      assertThat(results.stream().filter(r -> r.verdict() == Verdict.EXACT).count())
          .isGreaterThanOrEqualTo(18);
    }
  }

  @Test
  void contributionsOfALinearEmbedderAreFound() {
    Random random = new Random(3);
    float[][] words = new float[50][6];
    for (float[] word : words) {
      for (int k = 0; k < word.length; k++) {
        word[k] = (float) random.nextGaussian();
      }
    }
    List<int[]> texts =
        IntStream.range(0, 2000)
            .mapToObj(i -> random.ints(2 + random.nextInt(6), 0, words.length).toArray())
            .toList();
    float[][] vectors =
        texts.stream()
            .map(
                text -> {
                  float[] sum = new float[6];
                  for (int token : text) {
                    for (int k = 0; k < sum.length; k++) {
                      sum[k] += words[token][k] / text.length;
                    }
                  }
                  return sum;
                })
            .toArray(float[][]::new);

    float[][] found = new ContributionFit(texts, new float[50][1], 6).contributions(vectors);

    for (int i = 0; i < words.length; i++) {
      for (int k = 0; k < 6; k++) {
        assertThat(found[i][k]).isCloseTo(words[i][k], within(0.08f));
      }
    }
  }

  @Test
  void vectorsInWhichNothingVariesAreRefused() {
    CalibrationPairs pairs = pairs(PAIRS);
    Arrays.fill(pairs.vectors(), pairs.vectors()[0]);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> fit(pairs))
        .withMessage(
            "all texts have the same vector in rotated (64): nothing can be learned; expected"
                + " different texts");
  }

  @Test
  void tooFewTextsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pairs(199))
        .withMessage(
            "a bridge was to be learned from 199 different texts, expected at least 200, better"
                + " 5,000");
  }

  @Test
  void aVectorThatIsNoneIsNamed() {
    CalibrationPairs pairs = pairs(PAIRS);
    pairs.vectors()[3][2] = Float.NaN;

    assertThatIllegalArgumentException()
        .isThrownBy(() -> fit(pairs))
        .withMessage("text 3: component 2 of the vector is NaN, expected finite numbers");
  }
}
