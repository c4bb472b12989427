package io.vec2text.sources.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vec2text.sources.ReadOptions;
import io.vec2text.sources.Row;
import io.vec2text.sources.VectorReader;
import io.vec2text.sources.VectorSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** PostgreSQL with pgvector, where {@code tools/test-stores} has started one. */
@EnabledIfSystemProperty(named = "vec2text.store.postgresql", matches = "jdbc:.*")
final class RealPostgresTest extends VectorSourceContract {
  private static final String PASSWORD = "VEC2TEXT_STORE_PASSWORD";

  private final String url = System.getProperty("vec2text.store.postgresql");
  private Connection connection;
  private int tables;

  @BeforeEach
  void open() throws SQLException {
    connection = DriverManager.getConnection(url, "postgres", System.getenv(PASSWORD));
    run(
        "drop schema if exists stores cascade",
        "create schema stores",
        "create extension if not exists vector",
        "set search_path to stores, public");
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  private void run(String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Override
  StoreOptions.Builder options() {
    try {
      return super.options().credentials(Credentials.ofVariable(PASSWORD).user("postgres"));
    } catch (StoreException e) {
      throw new IllegalStateException(e);
    }
  }

  private StoreOptions.Builder table(String table) {
    return options().table("stores." + table);
  }

  @Override
  VectorSource filled(List<Item> items, StoreOptions options) throws Exception {
    String table = "chunks" + tables++;
    run("create table " + table + " (id text primary key, body text, embedding vector)");
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into " + table + " values (?, 'text', cast(? as vector))")) {
      for (Item item : items) {
        insert.setString(1, item.id());
        insert.setString(2, item.vector() == null ? null : Arrays.toString(item.vector()));
        insert.execute();
      }
    }
    return Stores.source(url, table(table).reading(options.reading()).build());
  }

  @Override
  VectorSource missing(StoreOptions options) throws Exception {
    return Stores.source(url, table("nowhere").build());
  }

  private List<Row> read(StoreOptions.Builder options) throws Exception {
    return read(Stores.source(url, options.build()));
  }

  @Test
  void readsEveryTypeOfVector() throws Exception {
    run(
        "create table v (id bigint primary key, a vector(8), b halfvec(8), c real[], d float8[],"
            + " e bytea, f text, g jsonb, h sparsevec(8))",
        "insert into v values (1, '[1,2,3,4,5,6,7,8]', '[1,2,3,4,5,6,7,8]',"
            + " '{1,2,3,4,5,6,7,8}', '{1,2,3,4,5,6,7,8}',"
            + " '\\x0000803f000000400000404000008040"
            + "0000a0400000c0400000e04000000041', '[1,2,3,4,5,6,7,8]', '[1,2,3,4,5,6,7,8]',"
            + " '{1:1}/8')");
    for (String column : List.of("a", "b", "c", "d", "e", "f", "g")) {
      ReadOptions reading = ReadOptions.builder().dimension(8).vectorField(column).build();
      Row row = read(table("v").reading(reading)).get(0);
      assertThat(row).as(column).isInstanceOf(Row.Vector.class);
      assertThat(((Row.Vector) row).values()).as(column).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    }
    ReadOptions sparse = ReadOptions.builder().dimension(8).vectorField("h").build();
    assertThat(read(table("v").reading(sparse)).get(0)).isInstanceOf(Row.Malformed.class);
    String cast = "select id, a::real[] as e from stores.v order by id";
    assertThat(read(options().query(cast)).get(0)).isInstanceOf(Row.Vector.class);
  }

  @Test
  void goesOnOverANewConnection() throws Exception {
    VectorSource source = filled(items(23), options().build());
    try (VectorReader reader = source.open()) {
      for (int i = 0; i < 7; i++) {
        reader.next();
      }
      run(
          "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()"
              + " and backend_type = 'client backend'");
      assertThat(rest(reader)).hasSize(16);
    }
  }

  @Test
  void holdsNoTransactionBetweenPages() throws Exception {
    try (VectorReader reader = filled(items(23), options().build()).open()) {
      reader.next();
      try (Statement statement = connection.createStatement();
          var result =
              statement.executeQuery(
                  "select count(*) from pg_stat_activity where state like 'idle in"
                      + " transaction%'")) {
        result.next();
        assertThat(result.getInt(1)).isZero();
      }
    }
  }

  @Test
  void neverWrites() throws Exception {
    run("create table v (id int primary key, e real[])", "insert into v values (1, '{1}')");
    String deletes = "with gone as (delete from stores.v returning id, e) select id, e from gone";
    saysOneLine(() -> read(options().query(deletes)), "read-only transaction");
    assertThat(read(table("v"))).hasSize(1);
  }

  @Test
  void wrongCredentialsAreOneLineWithoutThem() throws Exception {
    Credentials wrong = Credentials.ofVariable("X", v -> "s3cret").user("postgres");
    saysOneLine(
        () -> read(table("v").credentials(wrong)), "does not accept the user", "variable X");
    saysOneLine(
        () -> read(table("v").credentials(Credentials.NONE.user("postgres"))), "can't", "password");
    saysOneLine(
        () -> read(Stores.source("jdbc:postgresql://127.0.0.1:1/x", table("v").build())),
        "can't connect");
  }

  @Test
  void holdsOnePageOfManyRows() throws Exception {
    long rows = Long.getLong("vec2text.large.rows", 20_000);
    run(
        "create table big (id bigint primary key, embedding vector(64))",
        "insert into big select i, (select array_agg(i + j) from generate_series(1, 64) j)::real[]"
            + " from generate_series(1, "
            + rows
            + ") i");
    for (StoreOptions.Builder options :
        List.of(
            table("big").pageSize(256),
            options().query("select id, embedding from stores.big order by id").pageSize(256))) {
      long read = 0;
      try (VectorReader reader = Stores.source(url, options.build()).open()) {
        for (Row row = reader.next(); row != null; row = reader.next()) {
          read++;
          assertThat(row).isInstanceOf(Row.Vector.class);
        }
      }
      assertThat(read).isEqualTo(rows);
    }
  }
}
