package io.vec2text.eval;

import static io.vec2text.eval.GoldenMetrics.EXACTLY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.Iterables;
import com.google.common.collect.Streams;
import io.vec2text.Embedder;
import io.vec2text.Tokenization;
import io.vec2text.Vectors;
import io.vec2text.spi.ForwardingEmbedder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Against Python's sacrebleu, rouge-score, NLTK and numpy. */
class MetricsTest {

  @Test
  void thereAreEnoughPairs() {
    assertThat(GoldenMetrics.rows("pair")).hasSizeGreaterThan(400);
  }

  @Test
  void sentenceAndPairScoresEqualThoseOfSacrebleu() {
    GoldenMetrics.check("sentence", Bleu::sentence);
    GoldenMetrics.check("pair", Bleu::ofOnePair);
    GoldenMetrics.check("chrf", Chrf::sentence);
  }

  @Test
  void corpusScoresEqualThoseOfSacrebleu() {
    for (JsonNode row : GoldenMetrics.rows("corpus")) {
      List<JsonNode> pairs = GoldenMetrics.pairs(row);
      List<String> h = GoldenMetrics.texts(pairs, "h");
      List<String> r = GoldenMetrics.texts(pairs, "r");
      assertThat(Bleu.corpus(h, r)).as("%s", row).isCloseTo(row.get("bleu").asDouble(), EXACTLY);
      assertThat(Chrf.corpus(h, r)).as("%s", row).isCloseTo(row.get("chrf").asDouble(), EXACTLY);
    }
  }

  @Test
  void signaturesAreThoseOfSacrebleu() {
    JsonNode signatures = Iterables.getOnlyElement(GoldenMetrics.rows("signatures"));
    assertThat(signatures.get("bleu").asText()).isEqualTo(Bleu.SIGNATURE + "|version:2.6.0");
    assertThat(signatures.get("sentence").asText())
        .isEqualTo(Bleu.SENTENCE_SIGNATURE + "|version:2.6.0");
    assertThat(signatures.get("chrf").asText()).isEqualTo(Chrf.SIGNATURE + "|version:2.6.0");
  }

  @Test
  void rougeEqualsRougeScore() {
    for (JsonNode row : GoldenMetrics.rows("pair")) {
      checkRouge(row, row.get("rouge"));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Rouge.n(0, "a", "a"))
        .withMessage("n must be at least 1, was 0");
  }

  private static void checkRouge(JsonNode row, JsonNode expected) {
    String h = row.get("h").asText();
    String r = row.get("r").asText();
    GoldenMetrics.check(Rouge.n(1, h, r), expected.get(0));
    GoldenMetrics.check(Rouge.n(2, h, r), expected.get(1));
    GoldenMetrics.check(Rouge.longest(h, r), expected.get(2));
  }

  @Test
  void overlapAndEditsEqualThoseOfPython() {
    for (JsonNode row : GoldenMetrics.rows("pair")) {
      String h = row.get("h").asText();
      String r = row.get("r").asText();
      GoldenMetrics.check(Overlap.ofWords(h, r), row.get("overlap"));
      GoldenMetrics.check(Overlap.ofWordSets(h, r), row.get("sets"));
      assertThat(TreebankWords.of(h))
          .as(h)
          .isEqualTo(Streams.stream(row.get("words")).map(JsonNode::asText).toList());
    }
    GoldenMetrics.check("edits", EditDistance::ofWords);
  }

  @Test
  void scoresOfOnePairAreThoseOfTheMetrics() {
    PairScores one = PairScores.of("the cat sat on the mat", "a cat sat on the mat");
    assertThat(one.wordEdits()).isOne();
    assertThat(one.rouge1()).isCloseTo(5 / 6.0, EXACTLY);
    assertThat(one.rouge2()).isCloseTo(4 / 5.0, EXACTLY);
    assertThat(one.rougeL()).isCloseTo(5 / 6.0, EXACTLY);
    assertThat(one.wordSetF1()).isCloseTo(10 / 11.0, EXACTLY);
    PairScores none = PairScores.of("", "a cat");
    assertThat(PairScores.mean(List.of(one, none)))
        .isEqualTo(
            new PairScores(
                one.sentenceBleu() / 2,
                one.pairBleu() / 2,
                one.sentenceChrf() / 2,
                one.rouge1() / 2,
                one.rouge2() / 2,
                one.rougeL() / 2,
                one.wordSetF1() / 2,
                1.5));
  }

  @Test
  void cosinesEqualThoseOfNumpy() {
    for (JsonNode row : GoldenMetrics.rows("cosine")) {
      assertThat(Vectors.cosine(floats(row.get("a")), floats(row.get("b"))))
          .isCloseTo(row.get("cosine").asDouble(), EXACTLY);
    }
  }

  private static float[] floats(JsonNode row) {
    float[] values = new float[row.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.get(i).floatValue();
    }
    return values;
  }

  @Test
  void bootstrapIntervalsEqualThoseOfNumpyOnTheSameResamples() {
    for (JsonNode row : GoldenMetrics.rows("bootstrap")) {
      List<JsonNode> pairs = GoldenMetrics.pairs(row);
      List<String> h = GoldenMetrics.texts(pairs, "h");
      List<String> r = GoldenMetrics.texts(pairs, "r");
      long seed = row.get("seed").asLong();
      Summary f1 = Summary.of(f1(h, r), seed);
      GoldenMetrics.check(row.get("f1"), f1.mean(), f1.interval().low(), f1.interval().high());
      assertThat(f1.median()).isCloseTo(row.get("median").asDouble(), EXACTLY);
      check(CorpusMetric.BLEU, h, r, seed, row.get("bleu"));
      check(CorpusMetric.CHRF, h, r, seed, row.get("chrf"));
    }
  }

  private static void check(
      CorpusMetric metric, List<String> h, List<String> r, long seed, JsonNode expected) {
    Interval interval = metric.interval(h, r, seed);
    GoldenMetrics.check(expected, metric.score(h, r), interval.low(), interval.high());
  }

  @Test
  void differencesEqualThoseOfNumpyOnTheSameResamples() {
    for (JsonNode row : GoldenMetrics.rows("difference")) {
      List<JsonNode> pairs = GoldenMetrics.pairs(row);
      List<String> h = GoldenMetrics.texts(pairs, "h");
      List<String> r = GoldenMetrics.texts(pairs, "r");
      List<String> other = Streams.stream(row.get("other")).map(JsonNode::asText).toList();
      long seed = row.get("seed").asLong();
      GoldenMetrics.check(Difference.ofMeans(f1(h, r), f1(other, r), seed), row.get("f1"));
      GoldenMetrics.check(CorpusMetric.BLEU.difference(h, other, r, seed), row.get("bleu"));
      GoldenMetrics.check(CorpusMetric.CHRF.difference(h, other, r, seed), row.get("chrf"));
    }
  }

  private static double[] f1(List<String> hypotheses, List<String> references) {
    double[] f1 = new double[references.size()];
    Arrays.setAll(f1, i -> Overlap.ofWords(hypotheses.get(i), references.get(i)).f1());
    return f1;
  }

  @Test
  void aDifferenceIsOnlyAsSureAsTheTextsAreMany() {
    double[] few = {1, 0, 1, 1, 0};
    double[] none = new double[5];
    assertThat(Difference.ofMeans(few, few, 1)).isEqualTo(new Difference(0, new Interval(0, 0), 1));
    Difference constant = Difference.ofMeans(new double[] {1, 1, 1, 1, 1}, none, 1);
    assertThat(constant).isEqualTo(new Difference(1, new Interval(1, 1), 1 / 2001.0));
    assertThat(Difference.ofMeans(few, none, 1).value()).isEqualTo(0.6);
    assertThat(Difference.ofMeans(none, few, 1).pValue())
        .as("that all five draws are of the two zeros, or so")
        .isCloseTo(Math.pow(0.4, 5), within(0.01));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Difference.ofMeans(few, new double[2], 1))
        .withMessage("5 scores of the system for 2 of the baseline");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Difference.ofMeans(new double[0], new double[0], 1))
        .withMessage("scores must be at least 1, were 0");
  }

  @Test
  void overlapOfTokensCountsRepetitions() {
    assertThat(Overlap.ofTokens(new int[] {7, 7, 7, 1}, new int[] {7, 7, 2}))
        .isEqualTo(new Overlap(2 / 4.0, 2 / 3.0, 4 / 7.0));
    assertThat(Overlap.ofTokens(new int[0], new int[0]).f1()).isOne();
    assertThat(Overlap.ofTokens(new int[0], new int[] {1}).f1()).isZero();
    assertThat(EditDistance.ofTokens(new int[] {7, 7, 7, 1}, new int[] {7, 7, 2})).isEqualTo(2);
  }

  @Test
  void thePublishedVariantScoresShortTextsZero() {
    assertThat(Bleu.ofOnePair("a b c", "a b c")).isZero();
    assertThat(Bleu.sentence("a b c", "a b c")).isCloseTo(100, EXACTLY);
  }

  @Test
  void anEmptyOrUnevenCorpusIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Bleu.corpus(List.of("a"), List.of()))
        .withMessage("1 hypotheses for 0 references");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Chrf.corpus(List.of(), List.of()))
        .withMessage("CHRF of an empty corpus is not defined");
  }

  @Test
  void wilsonIntervalsAreTheKnownOnes() {
    check(Interval.wilson(0, 10), 0, 0.277533);
    check(Interval.wilson(8, 10), 0.490162, 0.943318);
    check(Interval.wilson(10, 10), 0.722467, 1);
    check(Interval.wilson(81, 263), 0.255290, 0.366210);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Interval.wilson(3, 2))
        .withMessage("successes must be from 0 to 2, were 3");
  }

  private static void check(Interval interval, double low, double high) {
    assertThat(interval.low()).isCloseTo(low, within(2e-4));
    assertThat(interval.high()).isCloseTo(high, within(2e-4));
  }

  @Test
  void bootstrapIntervalIsNearTheNormalOneAndRepeats() {
    double[] values = new double[400];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 2;
    }
    Interval interval = Interval.ofMean(values, 5);
    check(interval, 0.5 - 0.049, 0.5 + 0.049, 0.006);
    assertThat(Interval.ofMean(values, 5)).isEqualTo(interval);
    values[0] = 0.123;
    assertThat(Interval.ofMean(values, 6)).isNotEqualTo(Interval.ofMean(values, 5));
    assertThat(Interval.ofMean(new double[] {3}, 1)).isEqualTo(new Interval(3, 3));
  }

  private static void check(Interval interval, double low, double high, double tolerance) {
    assertThat(interval.low()).isCloseTo(low, within(tolerance));
    assertThat(interval.high()).isCloseTo(high, within(tolerance));
  }

  @Test
  void medianIsTheMiddleOne() {
    assertThat(Summary.of(new double[] {3, 1, 2}, 1).median()).isEqualTo(2);
    assertThat(Summary.of(new double[] {4, 1, 2, 3}, 1).median()).isEqualTo(2.5);
  }

  @Test
  void textsOverlapByTokensOrElseByTheWordsOfTheirNormalForms() {
    Embedder words = new WordEmbedder();
    Embedder silent =
        new ForwardingEmbedder(words) {
          @Override
          public Optional<Tokenization> tokenization() {
            return Optional.empty();
          }
        };
    // Of one word, but of two tokens.
    List<String> found = List.of("A-b", "a-b c");
    List<String> targets = List.of("a-d", "A-B c");
    assertThat(Overlap.ofTexts(words, found, targets))
        .containsExactly(new Overlap(0.5, 0.5, 0.5), new Overlap(1, 1, 1));
    assertThat(Overlap.ofTexts(silent, found, targets))
        .containsExactly(new Overlap(0, 0, 0), new Overlap(1, 1, 1));
    assertThat(Overlap.ofTexts(words, List.of(), List.of())).isEmpty();
  }

  @Test
  void aRateOutOfNoneHasNoValue() {
    assertThat(new Rate(0, 0).value()).isEmpty();
    assertThat(new Rate(0, 0).interval()).isEmpty();
    assertThat(new Rate(1, 4).value()).contains(0.25);
    assertThat(new Rate(1, 4).interval()).contains(Interval.wilson(1, 4));
    assertThat(new Rate(1, 4)).hasToString("1/4");
    assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> new Rate(2, 1));
  }
}
