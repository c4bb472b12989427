package io.vec2text.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vec2text.InversionResult.PredictedWords;
import io.vec2text.InversionResult.WordProbability;
import io.vec2text.Vectors;
import io.vec2text.audit.detect.DataType;
import io.vec2text.audit.detect.WordCues;
import io.vec2text.audit.report.Rendering;
import io.vec2text.audit.report.Reports;
import io.vec2text.spi.WordPredictor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What words that are predicted of every record tell. */
final class TriageTest {
  private final AtomicInteger largest = new AtomicInteger();

  /** Predicts the true words of a store's records, each with probability .8. */
  private WordPredictor predictor(ToyStore store) {
    return (vectors, words) -> {
      largest.accumulateAndGet(vectors.size(), Math::max);
      List<PredictedWords> all = new ArrayList<>();
      for (float[] vector : vectors) {
        int i = 0;
        while (store.vectors.get(i).length != vector.length
            || Vectors.cosine(store.vectors.get(i), vector) < 0.9999) {
          i++;
        }
        List<String> there = List.of(RecoveredText.normal(store.texts.get(i)).split(" ", -1));
        all.add(
            new PredictedWords(
                there.stream().limit(words).map(w -> new WordProbability(w, 0.8)).toList(),
                there.size(),
                there.size() > 20));
      }
      return all;
    };
  }

  private AuditReport run(ToyStore store, int sample, int suspects) throws IOException {
    return Audit.builder(store.inverter())
        .sample(sample)
        .triage(predictor(store), suspects)
        .build()
        .run(store.reader());
  }

  @Test
  void suspectsByWords() {
    List<WordProbability> words =
        List.of(
            new WordProbability("password", 0.6),
            new WordProbability("login", 0.5),
            new WordProbability("##47", 0.5),
            new WordProbability("x", 0.6),
            new WordProbability("born", 0.2),
            new WordProbability("linda", 0.9),
            new WordProbability("miller", 0.5),
            new WordProbability("garden", 1));
    Map<DataType, Double> suspicion = WordCues.suspicion(words);
    assertThat(suspicion.get(DataType.PASSWORD)).isCloseTo(1 - 0.4 * (1 - 0.25), within(1e-9));
    assertThat(suspicion.get(DataType.PERSON_NAME)).isCloseTo(0.45, within(1e-9));
    assertThat(suspicion.get(DataType.SECRET_KEY)).isCloseTo(0.15, within(1e-9));
    assertThat(suspicion.get(DataType.BIRTH_DATE)).isCloseTo(0.1, within(1e-9));
    assertThat(suspicion).doesNotContainKey(DataType.IBAN);
    assertThat(WordCues.suspicion(List.of(new WordProbability("born", 1)))).isEmpty();
    assertThat(WordCues.suspicion(List.of())).isEmpty();
  }

  @Test
  void looksAtEveryRecordAndInvertsTheMostSuspected() throws IOException {
    ToyStore store = ToyStore.of(1000);
    AuditReport report = run(store, 20, 30);
    Triage triage = report.wholeStore().triage().orElseThrow();
    assertThat(triage.predicted()).isEqualTo(1000);
    assertThat(largest).hasValue(256);
    assertThat(triage.suspected()).isEqualTo(100);
    assertThat(triage.kinds()).containsEntry(DataType.EMAIL, 100L);
    assertThat(triage.lengths().values().stream().mapToLong(n -> n).sum()).isEqualTo(1000);
    assertThat(triage.suspects()).hasSize(100).allMatch(s -> s.type().equals(DataType.EMAIL));
    assertThat(triage.inverted()).hasSize(30).allMatch(AuditedRecord::leaks);
    List<RecordId> drawn = report.records().stream().map(AuditedRecord::record).toList();
    assertThat(triage.inverted())
        .extracting(AuditedRecord::record)
        .doesNotContainAnyElementsOf(drawn);
    assertThat(store.inverted).hasValue(50);
    // Shares are about the random sample alone; findings about all that came back.
    assertThat(report.leaking().sample()).isEqualTo(20);
    assertThat(report.allFindings()).containsAll(triage.findings());
    assertThat(report.findings()).doesNotContainAnyElementsOf(triage.findings());
    assertThat(Rendering.REDACTED.newFindings(report)).containsAll(triage.findings());
    assertThat(Reports.markdown(report, Rendering.REDACTED))
        .contains("1,000 records were predicted", "100 are suspected", "The 30 most suspected")
        .doesNotContain("person0");
    assertThat(Reports.json(report, Rendering.REDACTED)).contains("\"suspected\" : 100");
  }

  @Test
  void findsTheSameInAnyOrder() throws IOException {
    ToyStore store = ToyStore.of(600);
    ToyStore turned = new ToyStore();
    for (int i = 599; i >= 0; i--) {
      turned.add(store.ids.get(i), store.texts.get(i));
    }
    assertThat(names(run(turned, 1, 10))).isEqualTo(names(run(store, 1, 10)));
  }

  private static List<String> names(AuditReport report) {
    return report.wholeStore().triage().orElseThrow().inverted().stream()
        .map(r -> r.record().name())
        .toList();
  }

  @Test
  void saysHowGoodItIsWhereTextsAreKnown() throws IOException {
    ToyStore store = ToyStore.of(100);
    store.add("only-words", "He lost his password and his email.");
    store.add("no-cue", "The parcel went to 12 Maple Hill in spring, and to 14 Maple Hill.");
    Map<String, String> truth = new HashMap<>();
    for (int i = 0; i < store.ids.size(); i++) {
      truth.put(store.ids.get(i), store.texts.get(i));
    }
    AuditReport report =
        Audit.builder(store.inverter())
            .sample(1)
            .truth(truth)
            .triage(predictor(store), 0)
            .build()
            .run(store.reader());
    Triage triage = report.wholeStore().triage().orElseThrow();
    Triage.Quality quality = triage.quality().orElseThrow();
    assertThat(quality.base().count()).isEqualTo(11);
    assertThat(quality.base().of()).isEqualTo(102);
    assertThat(quality.precision()).hasToString("10/11");
    assertThat(quality.recall()).hasToString("10/11");
    assertThat(triage.inverted()).isEmpty();
    assertThat(store.inverted).hasValue(1);
    assertThat(Reports.markdown(report, Rendering.REDACTED)).contains("10 of 11 (");
  }

  @Test
  void saysOfHowManyNothingWasPredicted() throws IOException {
    ToyStore store = ToyStore.of(20);
    store.vectors.set(3, new float[5]);
    store.vectors.set(4, new float[ToyStore.SPACE.dimension()]);
    Triage triage = run(store, 1, 0).wholeStore().triage().orElseThrow();
    assertThat(triage.predicted()).isEqualTo(18);
    assertThat(triage.skipped()).isEqualTo(2);
  }
}
