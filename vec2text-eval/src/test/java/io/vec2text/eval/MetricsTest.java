package io.vec2text.eval;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.io.Resources;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against the golden values of training/fixtures/metric_table.py. */
class MetricsTest {
  private static final Offset<Double> EXACTLY = within(1e-6);
  private static final List<JsonNode> PAIRS = new ArrayList<>();
  private static final List<JsonNode> CORPORA = new ArrayList<>();

  @BeforeAll
  static void read() throws IOException {
    ObjectMapper json = new ObjectMapper();
    try (InputStream in =
            Resources.getResource(MetricsTest.class, "metrics.jsonl.gz").openStream();
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(new GZIPInputStream(in), UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode row = json.readTree(line);
        (row.has("corpus") ? CORPORA : PAIRS).add(row);
      }
    }
  }

  @Test
  void sentenceAndPairBleuEqualSacrebleu() {
    assertThat(PAIRS).hasSizeGreaterThanOrEqualTo(300);
    for (JsonNode row : PAIRS) {
      String h = row.get("h").asText();
      String r = row.get("r").asText();
      assertThat(Bleu.sentence(h, r))
          .as("%s", row)
          .isCloseTo(row.get("sentence").asDouble(), EXACTLY);
      assertThat(Bleu.ofOnePair(h, r)).as("%s", row).isCloseTo(row.get("pair").asDouble(), EXACTLY);
    }
  }

  @Test
  void corpusBleuEqualsSacrebleu() {
    assertThat(CORPORA).hasSizeGreaterThan(10);
    for (JsonNode row : CORPORA) {
      List<JsonNode> part = PAIRS.subList(row.get("from").asInt(), row.get("to").asInt());
      double bleu =
          Bleu.corpus(
              part.stream().map(p -> p.get("h").asText()).toList(),
              part.stream().map(p -> p.get("r").asText()).toList());
      assertThat(bleu).as("%s", row).isCloseTo(row.get("corpus").asDouble(), EXACTLY);
    }
  }

  @Test
  void overlapOfWordsEqualsThatOfPythonCounters() {
    for (JsonNode row : PAIRS) {
      Overlap overlap = Overlap.ofWords(row.get("h").asText(), row.get("r").asText());
      assertThat(overlap.precision())
          .as("%s", row)
          .isCloseTo(row.get("precision").asDouble(), EXACTLY);
      assertThat(overlap.recall()).as("%s", row).isCloseTo(row.get("recall").asDouble(), EXACTLY);
      assertThat(overlap.f1()).as("%s", row).isCloseTo(row.get("f1").asDouble(), EXACTLY);
    }
  }

  @Test
  void overlapOfTokensCountsRepetitions() {
    assertThat(Overlap.ofTokens(new int[] {7, 7, 7, 1}, new int[] {7, 7, 2}))
        .isEqualTo(new Overlap(2 / 4.0, 2 / 3.0, 4 / 7.0));
    assertThat(Overlap.ofTokens(new int[0], new int[0]).f1()).isOne();
    assertThat(Overlap.ofTokens(new int[0], new int[] {1}).f1()).isZero();
  }

  @Test
  void thePublishedVariantScoresShortTextsZero() {
    assertThat(Bleu.ofOnePair("a b c", "a b c")).isZero();
    assertThat(Bleu.sentence("a b c", "a b c")).isCloseTo(100, EXACTLY);
  }

  @Test
  void bleuOfAnEmptyOrUnevenCorpusIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Bleu.corpus(List.of("a"), List.of()))
        .withMessage("1 hypotheses for 0 references");
    assertThatIllegalArgumentException().isThrownBy(() -> Bleu.corpus(List.of(), List.of()));
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
    assertThat(Mean.median(new double[] {3, 1, 2})).isEqualTo(2);
    assertThat(Mean.median(new double[] {4, 1, 2, 3})).isEqualTo(2.5);
  }

  @Test
  void aRateOutOfNoneHasNoValue() {
    assertThat(new Rate(0, 0).value()).isEmpty();
    assertThat(new Rate(0, 0).interval()).isEmpty();
    assertThat(new Rate(1, 4).value()).contains(0.25);
    assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> new Rate(2, 1));
  }
}
