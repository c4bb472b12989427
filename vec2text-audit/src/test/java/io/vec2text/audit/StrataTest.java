package io.vec2text.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vec2text.Cancellation;
import io.vec2text.audit.report.Comparison;
import io.vec2text.audit.report.Rendering;
import io.vec2text.audit.report.Reports;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class StrataTest {

  /** 900 records of one tenant, 90 of another one, 8 of a third, and 2 without a tenant. */
  private static ToyStore store() {
    ToyStore store = ToyStore.of(1000);
    store.metadata =
        i ->
            i < 900
                ? Map.of("tenant", "large")
                : i < 990
                    ? Map.of("tenant", "middle")
                    : i < 998 ? Map.of("tenant", "small") : Map.of();
    return store;
  }

  private static Map<String, Integer> drawn(ToyStore store, int size) throws IOException {
    Map<String, Integer> drawn = new TreeMap<>();
    Sample.draw(
            store.reader(),
            size,
            0,
            List.of(),
            List.of(),
            Optional.of("tenant"),
            new Cancellation())
        .records()
        .forEach(d -> drawn.merge(d.stratum(), 1, Integer::sum));
    return drawn;
  }

  @Test
  void eachGetsItsShareAndAFewAtLeast() throws IOException {
    assertThat(drawn(store(), 100)).isEqualTo(Map.of("large", 85, "middle", 8, "small", 5, "", 2));
    assertThat(drawn(store(), 8)).isEqualTo(Map.of("large", 2, "middle", 2, "small", 2, "", 2));
    assertThat(drawn(store(), 2)).isEqualTo(Map.of("large", 2));
    assertThat(drawn(store(), 5000))
        .isEqualTo(Map.of("large", 900, "middle", 90, "small", 8, "", 2));
    assertThat(drawn(new ToyStore(), 10)).isEmpty();
  }

  @Test
  void sharesAreWeighedAndReportedByValue() throws IOException {
    AuditReport report =
        Audit.builder(store().inverter()).sample(100).by("tenant").build().run(store().reader());
    assertThat(report.sampling().strata())
        .isEqualTo(Map.of("large", 900L, "middle", 90L, "small", 8L, "", 2L));
    PopulationShare leaking = report.leaking();
    assertThat(leaking.strata()).hasSize(4);
    assertThat(leaking.sample()).isEqualTo(100);
    assertThat(leaking.population()).isEqualTo(1000);
    assertThat(leaking.atLeast()).isLessThanOrEqualTo(100);
    assertThat(leaking.atMost()).isGreaterThanOrEqualTo(100);
    String json = Reports.json(report, Rendering.REDACTED);
    assertThat(json).contains("\"by\" : \"tenant\"", "\"value\" : \"middle\"");
    assertThat(Reports.markdown(report, Rendering.REDACTED))
        .contains("## By tenant", "| (no value) |", "stratified random sample");
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    assertThat(Comparison.of(bytes, "a", bytes, "b").shares().get(0).before()).isEqualTo(leaking);
  }

  @Test
  void weighsStrataByTheirRecords() {
    PopulationShare share =
        PopulationShare.ofStrata(
            List.of(new PopulationShare(1, 10, 900), new PopulationShare(10, 10, 100)));
    assertThat(share.value()).contains(0.19);
    assertThat(share.atLeast()).isBetween(60L, 110L);
    assertThat(share.atMost()).isBetween(450L, 500L);
    PopulationShare whole =
        PopulationShare.ofStrata(
            List.of(new PopulationShare(1, 10, 10), new PopulationShare(3, 5, 5)));
    assertThat(whole.atLeast()).isEqualTo(4);
    assertThat(whole.atMost()).isEqualTo(4);
    PopulationShare untested =
        PopulationShare.ofStrata(
            List.of(new PopulationShare(5, 10, 10), new PopulationShare(0, 0, 100)));
    assertThat(untested.value()).contains(0.5);
    assertThat(untested.atLeast()).isEqualTo(5);
    assertThat(untested.atMost()).isEqualTo(105);
  }

  @Test
  void refusesAFieldOfNoRecordOrTooManyValues() {
    ToyStore store = ToyStore.of(100);
    assertThatThrownBy(() -> drawn(store, 10))
        .isInstanceOf(AuditException.class)
        .hasMessage("no record has the field `tenant`");
    store.metadata = i -> Map.of("tenant", "t" + i);
    assertThatThrownBy(() -> drawn(store, 10))
        .isInstanceOf(AuditException.class)
        .hasMessageContaining("the field `tenant` has more than 50 values");
  }
}
