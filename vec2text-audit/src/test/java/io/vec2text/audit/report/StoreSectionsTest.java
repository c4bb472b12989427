package io.vec2text.audit.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vec2text.audit.AuditReport;
import io.vec2text.audit.Duplicates;
import io.vec2text.audit.Exactness;
import io.vec2text.audit.Finding;
import io.vec2text.audit.Membership;
import io.vec2text.audit.Reconciliation;
import io.vec2text.audit.RecordId;
import io.vec2text.audit.Severity;
import io.vec2text.audit.Triage;
import io.vec2text.audit.WholeStore;
import io.vec2text.audit.detect.DataType;
import io.vec2text.eval.Rate;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Reports of what was told without inverting anything. */
final class StoreSectionsTest {
  private static final RecordId HOSTILE =
      new RecordId(5, Optional.of("=<b>|x\u202e\n"), OptionalLong.of(6));

  private static AuditReport report() {
    AuditReport r = ReportsTest.report();
    Finding finding =
        new Finding(
            "00000000000000dd",
            HOSTILE,
            DataType.DELETED_RECORD,
            Severity.HIGH,
            Exactness.VERBATIM,
            1,
            "");
    WholeStore store =
        new WholeStore(
            Optional.of(new Reconciliation(9, 1, List.of(finding))),
            Optional.of(new Membership(4, List.of(new Membership.Member(3, HOSTILE, 0.9999999)))),
            Optional.of(
                new Triage(
                    7000,
                    3,
                    new TreeMap<>(Map.of(4, 1000L, 16, 6000L)),
                    12,
                    50,
                    Map.of(DataType.PASSWORD, 50L),
                    List.of(new Triage.Suspect(HOSTILE, DataType.PASSWORD, 0.75)),
                    List.of(),
                    Optional.of(
                        new Triage.Quality(new Rate(9, 90), new Rate(6, 10), new Rate(6, 9))))),
            new Duplicates(10, 24, 2, List.of(new Duplicates.Group(6, List.of(HOSTILE, HOSTILE)))));
    return new AuditReport(
        r.subject(), r.sampling(), r.records(), r.types(), r.canaries(), r.truth(), store, true);
  }

  @Test
  void jsonIsValid() throws IOException {
    String json = Reports.json(report(), Rendering.REDACTED);
    assertThat(ReportsTest.problemsOfJson(json)).isEmpty();
    JsonNode root = new ObjectMapper().readTree(json);
    assertThat(root.at("/deleted/stillStored").intValue()).isEqualTo(1);
    assertThat(root.at("/known/found/0/number").intValue()).isEqualTo(3);
    assertThat(root.at("/triage/lengths/16").intValue()).isEqualTo(6000);
    assertThat(root.at("/triage/quality/precision/count").intValue()).isEqualTo(6);
    assertThat(root.at("/triage/suspects/0/type").asText()).isEqualTo("password");
    assertThat(root.at("/duplicates/largest/0/size").intValue()).isEqualTo(6);
    // Both findings of the test's report have one value, of two kinds.
    assertThat(root.path("shared")).isEmpty();
    JsonNode finding = root.path("findings").get(3);
    assertThat(finding.path("type").asText()).isEqualTo("deleted-record");
    assertThat(finding.has("cosine")).isFalse();
  }

  @Test
  void sarifIsValid() throws IOException {
    String sarif = Reports.sarif(report(), Rendering.REDACTED);
    assertThat(ReportsTest.problemsOfSarif(sarif)).isEmpty();
    JsonNode result = new ObjectMapper().readTree(sarif).at("/runs/0/results/3");
    assertThat(result.path("ruleId").asText()).isEqualTo("vec2text/deleted-record");
    assertThat(result.at("/message/text").asText()).contains("was deleted in the source system");
  }

  @Test
  void theOtherFormsNameThem() {
    assertThat(Reports.junit(report(), Rendering.REDACTED))
        .contains("name=\"no deleted record is still stored\"", "type=\"deleted-record\"");
    assertThat(Reports.csv(report(), Rendering.REDACTED)).contains("deleted-record,high", "'=<b>");
    String markdown = Reports.markdown(report(), Rendering.REDACTED);
    assertThat(markdown)
        .contains("## Deleted records", "## Known texts", "## Records with the same vector")
        .contains("About 10 groups of records, 24 records", "no. 3", "1 critical, 2 high")
        .doesNotContain("<b>", "\u202e");
    assertThat(Reports.html(report(), Rendering.REDACTED))
        .contains("&lt;b&gt;", "GDPR, Article 17")
        .doesNotContain("<b>", "\u202e");
  }
}
