package io.vec2text.sources.store;

import static io.vec2text.sources.store.VectorSourceContract.ids;
import static io.vec2text.sources.store.VectorSourceContract.read;
import static io.vec2text.sources.store.VectorSourceContract.saysOneLine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.vec2text.sources.Row;
import io.vec2text.sources.VectorReader;
import io.vec2text.sources.VectorSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DuckDB and SQLite, where {@code tools/test-stores} has put their drivers on the class path. */
final class RealEmbeddedTest {
  @TempDir private Path folder;

  private static void assumeDriver(String name) {
    assumeThat(DriverManager.drivers().map(driver -> driver.getClass().getName()))
        .as("drivers")
        .anyMatch(driver -> driver.toLowerCase(Locale.ROOT).contains(name));
  }

  private static void run(String url, String... statements) throws Exception {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static StoreOptions.Builder options() {
    return StoreOptions.builder().pageSize(5);
  }

  private static void assertGoesOn(VectorSource source, int n) throws Exception {
    List<Row> rows = read(source);
    assertThat(rows).hasSize(n).hasOnlyElementsOfType(Row.Vector.class);
    assertThat(source.isOrdered()).isTrue();
    List<String> all = ids(rows);
    try (VectorReader reader = source.open()) {
      reader.skip(7);
      try (VectorReader later = source.open(reader.cursor())) {
        assertThat(ids(VectorSourceContract.rest(later))).isEqualTo(all.subList(7, n));
      }
    }
  }

  @Test
  void readsTablesOfDuckDb() throws Exception {
    assumeDriver("duckdb");
    String url = "jdbc:duckdb:" + folder.resolve("v.duckdb");
    run(
        url,
        "create table lists (id bigint primary key, e float[])",
        "insert into lists select i, [i, 1, 2] from range(23) r(i)",
        "create table arrays (id bigint primary key, e float[3])",
        "insert into arrays select i, [i, 1, 2] from range(23) r(i)");
    for (String table : List.of("lists", "arrays")) {
      assertGoesOn(Stores.source(url, options().table(table).build()), 23);
    }
    saysOneLine(
        () ->
            read(
                Stores.source(
                    url, options().query("from (delete from lists returning id, e)").build())),
        "can't be read");
    saysOneLine(() -> read(Stores.source(url, options().table("nowhere").build())), "nowhere");
  }

  @Test
  void readsParquetByDuckDb() throws Exception {
    assumeDriver("duckdb");
    Path file = folder.resolve("chunks.parquet");
    run(
        "jdbc:duckdb:",
        "copy (select 'd' || (100 + i) as id, [i, 1, 2]::float[] as embedding from range(23) r(i))"
            + " to '"
            + file
            + "' (format parquet)");
    String sql = "select id, embedding from '" + folder + "/*.parquet' order by id";
    assertGoesOn(Stores.source("jdbc:duckdb:", options().query(sql).build()), 23);
  }

  @Test
  void readsTablesOfSqlite() throws Exception {
    assumeDriver("sqlite");
    String url = "jdbc:sqlite:" + folder.resolve("v.db");
    run(url, "create table chunks (id integer primary key, body text, embedding blob)");
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement insert =
            connection.prepareStatement("insert into chunks values (?, 'text', ?)")) {
      for (int i = 0; i < 23; i++) {
        insert.setInt(1, i);
        insert.setBytes(
            2,
            ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putFloat(i).putFloat(1).array());
        insert.execute();
      }
    }
    VectorSource source = Stores.source(url, options().table("chunks").build());
    assertGoesOn(source, 23);
    assertThat(((Row.Vector) read(source).get(3)).values()).containsExactly(3, 1);
    String none = "jdbc:sqlite:" + folder.resolve("none.db");
    saysOneLine(() -> read(Stores.source(none, options().table("t").build())), "can't connect");
    assertThat(folder.resolve("none.db")).doesNotExist();
    run(url, "create table loose (id text primary key, embedding blob)");
    run(url, "insert into loose values (null, x'0000803f'), ('a', x'0000803f')");
    saysOneLine(() -> read(Stores.source(url, options().table("loose").build())), "NULL");
  }
}
