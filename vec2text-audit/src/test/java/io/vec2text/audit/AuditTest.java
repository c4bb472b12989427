package io.vec2text.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vec2text.Cancellation;
import io.vec2text.Evidence;
import io.vec2text.InversionOptions;
import io.vec2text.Verdict;
import io.vec2text.audit.detect.DataType;
import io.vec2text.audit.report.Rendering;
import io.vec2text.audit.report.Reports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuditTest {
  private static final Instant DATE = Instant.parse("2026-01-02T03:04:05Z");

  private static Audit.Builder audit(ToyStore store) {
    return Audit.builder(store.inverter()).date(DATE).sample(1000);
  }

  private static List<Finding> of(AuditReport report, DataType type) {
    return report.findings().stream().filter(f -> f.type().equals(type)).toList();
  }

  @Test
  void findsWhatIsInTheStore() throws IOException {
    ToyStore store = ToyStore.of(100);
    AuditReport report = audit(store).build().run(store.reader());
    assertThat(report.complete()).isTrue();
    assertThat(report.inverted()).isEqualTo(100);
    assertThat(of(report, DataType.EMAIL)).hasSize(10);
    assertThat(of(report, DataType.FULL_TEXT)).hasSize(100);
    assertThat(report.leaking()).isEqualTo(new PopulationShare(10, 100, 100));
    assertThat(report.share(Verdict.EXACT).count()).isEqualTo(100);
    Finding email = of(report, DataType.EMAIL).get(0);
    assertThat(email.severity()).isEqualTo(Severity.HIGH);
    assertThat(email.exactness()).isEqualTo(Exactness.VERBATIM);
    assertThat(email.value()).matches("person\\d+ @ example \\. com");
    assertThat(email.record().id()).isPresent();
    assertThat(report.embeddings()).isEqualTo(1000);
  }

  @Test
  void keepsSecretsOutOfStrings() throws IOException {
    ToyStore store = ToyStore.of(20);
    AuditReport report = audit(store).build().run(store.reader());
    assertThat(report.toString() + report.records() + report.findings())
        .doesNotContain("person0", "person10", "@", "example");
  }

  @Test
  void aSampleGivesBoundsForTheStore() throws IOException {
    ToyStore store = ToyStore.of(500);
    AuditReport report = audit(store).sample(100).build().run(store.reader());
    PopulationShare share = report.leaking();
    assertThat(share.sample()).isEqualTo(100);
    assertThat(share.population()).isEqualTo(500);
    assertThat(share.atLeast()).isLessThanOrEqualTo(50);
    assertThat(share.atMost()).isGreaterThanOrEqualTo(50);
  }

  @Test
  void tellsVerbatimFromSemantic() throws IOException {
    ToyStore store = new ToyStore();
    store.add("sure", "mail anna@example.com");
    store.add("unsure", "mail bob@example.com");
    store.add("topical", "mail eve@example.com");
    store.add("failed", "mail joe@example.com");
    store.others.put(
        "mail anna@example.com", ToyStore.result("mail anna @ example . com", Verdict.CLOSE, 0.95));
    store.others.put(
        "mail bob@example.com", ToyStore.result("mail bob @ example . com", Verdict.CLOSE, 0.7));
    store.others.put(
        "mail eve@example.com", ToyStore.result("mail eve @ example . com", Verdict.TOPICAL, 0.99));
    store.others.put(
        "mail joe@example.com", ToyStore.result("mail joe @ example . com", Verdict.FAILED, 0.99));
    Map<String, Finding> found = new HashMap<>();
    audit(store)
        .build()
        .run(store.reader())
        .findings()
        .forEach(f -> found.put(f.record().name(), f));
    assertThat(found.keySet()).containsExactlyInAnyOrder("sure", "unsure", "topical");
    assertThat(found.get("sure").exactness()).isEqualTo(Exactness.VERBATIM);
    assertThat(found.get("sure").confidence()).isBetween(0.7, 0.85);
    assertThat(found.get("unsure").exactness()).isEqualTo(Exactness.SEMANTIC);
    assertThat(found.get("unsure").severity()).isEqualTo(Severity.LOW);
    assertThat(found.get("topical").exactness()).isEqualTo(Exactness.SEMANTIC);
    assertThat(found.get("topical").confidence()).isLessThan(0.5);
  }

  /** A number whose check digits are right is right more probably than its words say. */
  @Test
  void checkDigitsRaiseTheConfidence() throws IOException {
    ToyStore store = new ToyStore();
    String text = "card 4111 1111 1111 1111";
    store.add("card", text);
    store.others.put(text, ToyStore.result(text, Verdict.CLOSE, 0.7));
    Finding card = audit(store).build().run(store.reader()).findings().get(0);
    // 0.7 to the fourth is 0.24; only every tenth wrong number passes.
    assertThat(card.exactness()).isEqualTo(Exactness.VERBATIM);
    assertThat(card.confidence()).isBetween(0.7, 0.75);
  }

  @Test
  void findingsKeepTheirKeys() throws IOException {
    ToyStore store = ToyStore.of(50);
    List<String> before =
        audit(store).build().run(store.reader()).findings().stream().map(Finding::key).toList();
    assertThat(before).doesNotHaveDuplicates().allMatch(key -> key.matches("[0-9a-f]{16}"));
    store.add("new", "Write to somebody@example.com.");
    List<String> after =
        audit(store).build().run(store.reader()).findings().stream().map(Finding::key).toList();
    assertThat(after).containsAll(before).hasSize(before.size() + 2);
  }

  @Test
  void refusesVectorsOfAnotherModel() {
    ToyStore store = ToyStore.of(50);
    store.evidence = List.of(new Evidence(Evidence.Kind.OTHER_MODEL, "it is another model's"));
    assertThatThrownBy(() -> audit(store).source("export").build().run(store.reader()))
        .isInstanceOf(AuditException.class)
        .hasMessageContaining("export: 50 of 50 vectors")
        .hasMessageContaining("another model than toy (16)");
  }

  @Test
  void searchesThemIfToldTo() throws IOException {
    ToyStore store = ToyStore.of(50);
    store.evidence = List.of(new Evidence(Evidence.Kind.OTHER_MODEL, "it is another model's"));
    AuditReport report =
        audit(store)
            .inversion(InversionOptions.builder().searchAnyway(true).build())
            .build()
            .run(store.reader());
    assertThat(report.foreign()).isEqualTo(50);
  }

  @Test
  void refusesASourceWithoutVectors() {
    ToyStore store = ToyStore.of(3);
    store.vectors.replaceAll(v -> new float[0]);
    assertThatThrownBy(() -> audit(store).source("empty").build().run(store.reader()))
        .isInstanceOf(AuditException.class)
        .hasMessageContaining("empty: holds no vector among its 3 rows");
  }

  @Test
  void aStoppedAuditReportsWhatItHas() throws IOException {
    ToyStore store = ToyStore.of(300);
    Cancellation cancellation = new Cancellation();
    store.before =
        n -> {
          if (n == 90) {
            cancellation.cancel();
          }
        };
    AuditReport report =
        audit(store)
            .inversion(InversionOptions.builder().cancellation(cancellation).build())
            .build()
            .run(store.reader());
    assertThat(report.complete()).isFalse();
    assertThat(report.records()).hasSize(90);
    assertThat(report.leaking().sample()).isEqualTo(90);
    assertThat(report.leaking().population()).isEqualTo(300);
    assertThat(Reports.markdown(report, Rendering.REDACTED)).contains("The audit was stopped");
  }

  @Test
  void goesOnWhereItWasKilled(@TempDir Path folder) throws IOException {
    ToyStore store = ToyStore.of(200);
    store.add("twin", store.texts.get(10));
    AuditReport whole = audit(store).build().run(store.reader());
    Path kept = folder.resolve("kept");
    int before = store.inverted.get();
    store.before =
        n -> {
          if (n == before + 120) {
            throw new IllegalStateException("killed");
          }
        };
    assertThatThrownBy(() -> audit(store).resume(kept, "x").build().run(store.reader()))
        .hasMessage("killed");
    store.before = n -> {};
    AuditReport resumed = audit(store).resume(kept, "x").build().run(store.reader());
    assertThat(Reports.json(resumed, Rendering.REDACTED))
        .isEqualTo(Reports.json(whole, Rendering.REDACTED));
    // The vector that broke is asked for twice, all others once.
    assertThat(store.inverted.get() - before).isEqualTo(201);
    try (Stream<Path> files = Files.list(kept)) {
      assertThat(files).hasSize(1).allMatch(f -> permissions(f).equals("rw-------"));
    }
  }

  private static String permissions(Path file) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void saysWhichCanariesComeBack() throws IOException {
    ToyStore store = ToyStore.of(30);
    List<Canary> canaries = Canaries.make(4, 1);
    store.add("a", canaries.get(0).text());
    store.add("b", canaries.get(1).text());
    store.add("c", canaries.get(2).text());
    store.others.put(
        canaries.get(1).text(), ToyStore.result("something else", Verdict.TOPICAL, 0.1));
    AuditReport report =
        audit(store).canaries(canaries, store.embedder()).build().run(store.reader());
    assertThat(report.canaries())
        .extracting(Canary.Returned::state)
        .containsExactly(
            Canary.State.EXACT,
            Canary.State.PARTIAL,
            Canary.State.EXACT,
            Canary.State.NOT_IN_STORE);
    assertThat(report.canaries().get(0).recall()).isEqualTo(1);
    assertThat(report.canaries().get(1).recall()).isLessThan(0.5);
    assertThat(report.canaries().get(0).floor()).isLessThan(0.5);
    assertThat(report.sampling().population()).isEqualTo(30);
    assertThat(report.records()).noneMatch(r -> List.of("a", "b", "c").contains(r.record().name()));
  }

  @Test
  void comparesWithTheTrueTexts() throws IOException {
    ToyStore store = ToyStore.of(40);
    Map<String, String> truth = new HashMap<>();
    for (int i = 0; i < 40; i++) {
      truth.put(store.ids.get(i), store.texts.get(i));
    }
    String lost = store.texts.get(20);
    store.others.put(lost, ToyStore.result("write to someone.", Verdict.CLOSE, 0.5));
    TruthCheck check = audit(store).truth(truth).build().run(store.reader()).truth().orElseThrow();
    assertThat(check.exact()).hasToString("39/40");
    assertThat(check.falselyExact()).isZero();
    assertThat(check.recall().get(DataType.EMAIL)).hasToString("3/4");
    assertThat(check.precision().get(DataType.EMAIL)).hasToString("3/3");
    assertThat(check.presence().get(DataType.EMAIL)).hasToString("3/4");
  }

  @Test
  void hearsOfProgress() throws IOException {
    ToyStore store = ToyStore.of(70);
    int[] last = new int[2];
    audit(store)
        .listener(
            (done, of) -> {
              assertThat(done).isGreaterThanOrEqualTo(last[0]);
              last[0] = done;
              last[1] = of;
            })
        .build()
        .run(store.reader());
    assertThat(last).containsExactly(70, 70);
  }

  @Test
  void refusesAnEmptySample() {
    assertThatThrownBy(() -> audit(new ToyStore()).sample(0)).hasMessageContaining("at least 1");
  }
}
