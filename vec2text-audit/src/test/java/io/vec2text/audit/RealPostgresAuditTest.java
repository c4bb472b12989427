package io.vec2text.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vec2text.audit.report.Rendering;
import io.vec2text.audit.report.Reports;
import io.vec2text.sources.ReadOptions;
import io.vec2text.sources.VectorReader;
import io.vec2text.sources.store.Credentials;
import io.vec2text.sources.store.StoreOptions;
import io.vec2text.sources.store.Stores;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Stratified audits of PostgreSQL with pgvector, where {@code tools/test-stores} started one. */
@EnabledIfSystemProperty(named = "vec2text.store.postgresql", matches = "jdbc:.*")
final class RealPostgresAuditTest {
  private static final String PASSWORD = "VEC2TEXT_STORE_PASSWORD";

  private final String url = System.getProperty("vec2text.store.postgresql");
  private final ToyStore store = ToyStore.of(400);

  /** One of 100 records is of a small tenant, and 4 are of none. */
  private static String tenant(int i) {
    return i < 4 ? null : i % 100 == 50 ? "small" : i % 4 == 0 ? "acme" : "other";
  }

  @BeforeEach
  void fill() throws Exception {
    store.metadata = i -> tenant(i) == null ? Map.of() : Map.of("tenant", tenant(i));
    try (Connection connection =
            DriverManager.getConnection(url, "postgres", System.getenv(PASSWORD));
        Statement statement = connection.createStatement()) {
      statement.execute("create extension if not exists vector");
      statement.execute("drop table if exists audited");
      statement.execute(
          "create table audited (id text primary key, tenant text, length int, e vector)");
      try (PreparedStatement insert =
          connection.prepareStatement("insert into audited values (?, ?, ?, cast(? as vector))")) {
        for (int i = 0; i < store.texts.size(); i++) {
          insert.setString(1, store.ids.get(i));
          insert.setString(2, tenant(i));
          insert.setInt(3, store.texts.get(i).length());
          insert.setString(4, Arrays.toString(store.vectors.get(i)));
          insert.execute();
        }
      }
    }
  }

  private VectorReader reader(String field) throws Exception {
    return Stores.source(
            url,
            StoreOptions.builder()
                .table("audited")
                .reading(ReadOptions.builder().dimension(ToyStore.SPACE.dimension()).build())
                .metadata(List.of(field))
                .credentials(Credentials.ofVariable(PASSWORD).user("postgres"))
                .build())
        .open();
  }

  private AuditReport audit(VectorReader vectors, String by) throws Exception {
    return Audit.builder(store.inverter())
        .date(Instant.EPOCH)
        .sample(60)
        .by(by)
        .build()
        .run(vectors);
  }

  @Test
  void drawsFromEachTenant() throws Exception {
    AuditReport report;
    try (VectorReader vectors = reader("tenant")) {
      report = audit(vectors, "tenant");
    }
    assertThat(report.sampling().strata())
        .isEqualTo(Map.of("", 4L, "acme", 99L, "other", 293L, "small", 4L));
    assertThat(report.share("small", AuditedRecord::isReadable))
        .isEqualTo(new PopulationShare(4, 4, 4));
    assertThat(report.share("", AuditedRecord::isReadable)).isEqualTo(new PopulationShare(4, 4, 4));
    // All e-mail addresses are in records whose number ends with 0.
    assertThat(report.share("small", AuditedRecord::leaks).count()).isEqualTo(4);
    assertThat(report.share("other", AuditedRecord::leaks).atLeast()).isLessThanOrEqualTo(16);
    assertThat(report.inverted()).isEqualTo(60);
    String markdown = Reports.markdown(report, Rendering.REDACTED);
    assertThat(markdown).contains("| small", "| acme", "| other").doesNotContain("person50");
  }

  @Test
  void givesTheReportOfTheSameRecordsElsewhere() throws Exception {
    AuditReport here;
    try (VectorReader vectors = reader("tenant")) {
      here = audit(vectors, "tenant");
    }
    AuditReport elsewhere = audit(store.reader(), "tenant");
    assertThat(here.sampling()).isEqualTo(elsewhere.sampling());
    assertThat(here.records())
        .extracting(r -> r.record().name())
        .isEqualTo(elsewhere.records().stream().map(r -> r.record().name()).toList());
    assertThat(here.leaking()).isEqualTo(elsewhere.leaking());
  }

  @Test
  void drawsFromEachLength() throws Exception {
    try (VectorReader vectors = reader("length")) {
      AuditReport report = audit(vectors, "length");
      assertThat(report.sampling().strata().keySet()).contains("22", "30");
      assertThat(report.sampling().strata().values().stream().mapToLong(n -> n).sum())
          .isEqualTo(400);
    }
  }

  @Test
  void aColumnOfTooManyValuesIsOneLine() throws Exception {
    try (VectorReader vectors = reader("id")) {
      assertThatThrownBy(() -> audit(vectors, "id"))
          .isInstanceOf(AuditException.class)
          .hasMessageContaining("more than 50 values");
    }
  }
}
