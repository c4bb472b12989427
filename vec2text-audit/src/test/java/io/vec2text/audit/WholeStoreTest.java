package io.vec2text.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vec2text.Vectors;
import io.vec2text.audit.detect.DataType;
import io.vec2text.audit.report.Rendering;
import io.vec2text.audit.report.Reports;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What one pass over all records tells. */
final class WholeStoreTest {
  private static final int DIMENSION = 384;

  private final Random random = new Random(31);

  private static RecordId id(String name) {
    return new RecordId(0, Optional.of(name), OptionalLong.empty());
  }

  private float[] vector() {
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return Vectors.unit(vector);
  }

  /** A unit vector that has a cosine with another one. */
  private float[] near(float[] vector, double cosine) {
    float[] other = vector();
    double along = Vectors.dot(other, vector);
    double norm = Math.sqrt(1 - along * along);
    float[] near = new float[DIMENSION];
    double sine = Math.sqrt(1 - cosine * cosine);
    for (int i = 0; i < DIMENSION; i++) {
      near[i] = (float) (cosine * vector[i] + sine * (other[i] - along * vector[i]) / norm);
    }
    return near;
  }

  @Test
  void deletedRecordsThatAreStillThereAreFindings() throws IOException {
    ToyStore store = ToyStore.of(50);
    List<String> deleted = List.of("doc-40", "doc-7", "doc-7", "doc-999", "");
    AuditReport report =
        Audit.builder(store.inverter()).sample(5).deletedIds(deleted).build().run(store.reader());
    Reconciliation found = report.wholeStore().deleted().orElseThrow();
    assertThat(found.ids()).isEqualTo(4);
    assertThat(found.stillStored()).isEqualTo(2);
    assertThat(found.findings())
        .extracting(f -> f.record().name())
        .containsExactly("doc-40", "doc-7");
    assertThat(found.findings())
        .allMatch(f -> f.severity() == Severity.HIGH && f.type().equals(DataType.DELETED_RECORD));
    assertThat(report.allFindings()).containsAll(found.findings());
    assertThat(report.findings()).doesNotContainAnyElementsOf(found.findings());
    assertThat(Rendering.REDACTED.newFindings(report)).containsAll(found.findings());
    assertThat(Reports.markdown(report, Rendering.REDACTED))
        .contains("2 records are still stored", "Article 17");
  }

  @Test
  void aRecordWithoutAVectorIsStillStored() throws IOException {
    ToyStore store = ToyStore.of(5);
    store.vectors.set(3, new float[0]);
    AuditReport report =
        Audit.builder(store.inverter()).deletedIds(List.of("doc-3")).build().run(store.reader());
    assertThat(report.wholeStore().deleted().orElseThrow().stillStored()).isEqualTo(1);
  }

  @Test
  void reconciliationNeedsIds() {
    DeletedIds ids = new DeletedIds(List.of("a"));
    ids.see(new RecordId(0, Optional.empty(), OptionalLong.empty()), vector());
    assertThatThrownBy(() -> ids.found("export.npy"))
        .isInstanceOf(AuditException.class)
        .hasMessageContaining("export.npy: its records have no ids");
  }

  @Test
  void findsEachOfManyIds() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      all.add("deleted-" + i);
    }
    DeletedIds ids = new DeletedIds(all);
    for (int i = 0; i < 20_000; i++) {
      ids.see(id((i % 2 == 0 ? "deleted-" : "kept-") + i / 2), null);
    }
    assertThat(ids.found("x").stillStored()).isEqualTo(5000);
  }

  @Test
  void knownTextsAreFoundByTheirVectors() throws IOException {
    ToyStore store = ToyStore.of(50);
    List<String> texts = List.of("THE REPORT 7 IS LATE .", "The report 999 is late.");
    AuditReport report =
        Audit.builder(store.inverter())
            .sample(5)
            .knownTexts(texts, store.embedder())
            .build()
            .run(store.reader());
    Membership known = report.wholeStore().known().orElseThrow();
    assertThat(known.texts()).isEqualTo(2);
    assertThat(known.found()).extracting(Membership.Member::number).containsExactly(1);
    assertThat(known.found().get(0).record().name()).isEqualTo("doc-7");
    assertThat(Reports.html(report, Rendering.REDACTED)).doesNotContain("THE REPORT 7");
  }

  @Test
  void aTextIsKnownOnlyIfItsVectorIsTheVeryOne() {
    float[] text = vector();
    KnownTexts known = new KnownTexts(List.of(text, vector()));
    known.see(id("close"), near(text, 0.999));
    for (int i = 0; i < 100; i++) {
      known.see(id("other-" + i), vector());
    }
    assertThat(known.found().found()).isEmpty();
    float[] rounded = near(text, 1 - 1e-8);
    known.see(id("longer"), new float[DIMENSION + 1]);
    known.see(id("zero"), new float[DIMENSION]);
    known.see(id("twin-b"), rounded);
    known.see(id("twin-a"), rounded);
    assertThat(known.found().found())
        .singleElement()
        .satisfies(
            member -> {
              assertThat(member.number()).isEqualTo(1);
              assertThat(member.record().name()).isEqualTo("twin-a");
              assertThat(member.cosine()).isGreaterThan(1 - 1e-6);
            });
  }

  @Test
  void theSameVectorIsFoundThroughRounding() {
    DuplicateFinder finder = new DuplicateFinder();
    float[] first = vector();
    finder.see(id("c"), first);
    finder.see(id("a"), near(first, 1 - 1e-13));
    finder.see(id("b"), first.clone());
    finder.see(id("d"), first.clone());
    finder.see(id("other"), near(first, 0.99));
    finder.see(id("none"), null);
    for (int i = 0; i < 100; i++) {
      finder.see(id("x" + i), vector());
    }
    Duplicates found = finder.found();
    assertThat(found.groups()).isEqualTo(1);
    assertThat(found.records()).isEqualTo(4);
    assertThat(found.oneIn()).isEqualTo(1);
    assertThat(found.largest().get(0).size()).isEqualTo(4);
    assertThat(found.largest().get(0).examples())
        .extracting(RecordId::name)
        .containsExactly("a", "b", "c");
  }

  /** 3,000 pairs and 3,000 single records, of which no more than 500 vectors are kept. */
  @Test
  void groupsAreEstimatedInBoundedMemoryWhateverTheOrder() {
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < 6000; i++) {
      float[] vector = vector();
      vectors.add(vector);
      if (i % 2 == 0) {
        vectors.add(vector);
      }
    }
    Set<Duplicates> results = new HashSet<>();
    for (int order = 0; order < 3; order++) {
      Collections.shuffle(vectors, random);
      DuplicateFinder finder = new DuplicateFinder(500);
      for (float[] vector : vectors) {
        finder.see(id("same"), vector);
      }
      results.add(finder.found());
    }
    assertThat(results).hasSize(1);
    Duplicates found = results.iterator().next();
    assertThat(found.oneIn()).isEqualTo(16);
    assertThat(found.groups()).isBetween(2400L, 3600L);
    assertThat(found.records()).isEqualTo(2 * found.groups());
  }

  @Test
  void valuesThatRecordsShareAreGroupedWithoutTheValue() throws IOException {
    ToyStore store = ToyStore.of(20);
    store.add("s1", "Ask anna@example.com about it.");
    store.add("s2", "The letter to Anna@example.com came back.");
    store.add("s3", "Only bob@example.com knows.");
    AuditReport report = Audit.builder(store.inverter()).build().run(store.reader());
    assertThat(report.sharedValues())
        .singleElement()
        .satisfies(
            shared -> {
              assertThat(shared.type()).isEqualTo(DataType.EMAIL);
              assertThat(shared.records())
                  .extracting(RecordId::name)
                  .containsExactlyInAnyOrder("s1", "s2");
            });
    String json = Reports.json(report, Rendering.REDACTED);
    assertThat(json).contains("\"shared\" : [ {").doesNotContain("anna");
  }
}
