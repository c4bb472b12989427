package io.vec2text.audit.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vec2text.audit.AuditException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class ComparisonTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static ObjectNode report() throws IOException {
    return (ObjectNode) JSON.readTree(Reports.json(ReportsTest.report(), Rendering.REDACTED));
  }

  private static Comparison compare(JsonNode older, JsonNode newer) {
    return Comparison.of(
        older.toString().getBytes(UTF_8), "old.json", newer.toString().getBytes(UTF_8), "new.json");
  }

  @Test
  void aReportIsTheSameAsItself() throws IOException {
    Comparison comparison = compare(report(), report());
    assertThat(comparison.same()).hasSize(3);
    assertThat(comparison.added()).isEmpty();
    assertThat(comparison.gone()).isEmpty();
    assertThat(comparison.warnings()).isEmpty();
    assertThat(comparison.shares()).noneMatch(Comparison.Share::changed);
    assertThat(comparison.shares())
        .extracting(Comparison.Share::name)
        .startsWith("leaking", "readable", "exact")
        .contains("email", "password")
        .doesNotContain("iban");
  }

  @Test
  void tellsNewFromGoneFindings() throws IOException {
    ObjectNode older = report();
    ObjectNode newer = report();
    ((ObjectNode) newer.path("findings").get(2)).put("key", "00000000000000ff");
    Comparison comparison = compare(older, newer);
    assertThat(comparison.added())
        .singleElement()
        .satisfies(e -> assertThat(e.key()).isEqualTo("00000000000000ff"));
    assertThat(comparison.gone()).extracting(Comparison.Entry::type).containsExactly("password");
    assertThat(comparison.same()).extracting(Comparison.Entry::record).containsOnly("doc-1");
    assertThat(comparison.markdown())
        .contains("1 findings are new, 1 are gone, 2 are the same", "## New", "## Gone")
        .doesNotContain("<script>", "anna");
    JsonNode json = JSON.readTree(comparison.json());
    assertThat(json.path("new")).hasSize(1);
    assertThat(json.at("/shares/0/changed").booleanValue()).isFalse();
  }

  @Test
  void aShareThatFellHasChanged() throws IOException {
    ObjectNode older = report();
    ObjectNode newer = report();
    setLeaking(older, 60);
    setLeaking(newer, 20);
    Comparison.Share share = compare(older, newer).shares().get(0);
    assertThat(share.changed()).isTrue();
    assertThat(share.change().orElseThrow().low()).isBetween(-0.30, -0.26);
    assertThat(share.change().orElseThrow().high()).isBetween(-0.14, -0.10);
    assertThat(compare(older, newer).markdown())
        .contains("60 of 200 (30.0 %)", "20 of 200 (10.0 %)", "changed");
  }

  private static void setLeaking(ObjectNode report, int count) {
    ((ObjectNode) report.at("/shares/leaking"))
        .put("count", count)
        .put("sample", 200)
        .put("population", 10_000);
  }

  @Test
  void warnsIfTheAuditsThemselvesDiffer() throws IOException {
    ObjectNode newer = report();
    ((ObjectNode) newer.path("subject")).put("maxEmbeddings", 50).remove("maxSeconds");
    ((ObjectNode) newer.at("/subject/space")).put("modelId", "other");
    ((ObjectNode) newer.path("sampling")).put("requested", 9);
    newer.put("complete", false);
    assertThat(compare(report(), newer).warnings())
        .containsExactly(
            "another model: toy  16 before, other  16 now",
            "another embeddings a record: 1000 before, 50 now",
            "another seconds a record: 2.0 before, none now",
            "another sample asked for: 4 before, 9 now",
            "the later audit was stopped before its end");
  }

  @Test
  void refusesWhatIsNoReport() throws IOException {
    byte[] report = report().toString().getBytes(UTF_8);
    assertThatThrownBy(() -> Comparison.of(report, "a.json", "[]".getBytes(UTF_8), "b.json"))
        .isInstanceOf(AuditException.class)
        .hasMessageContaining("b.json: is no JSON report of an audit");
    ObjectNode broken = report();
    ((ObjectNode) broken.at("/shares/leaking")).put("count", 7);
    assertThatThrownBy(() -> compare(report(), broken))
        .isInstanceOf(AuditException.class)
        .hasMessageContaining("can't be compared, expected 0 <= count <= sample");
  }
}
