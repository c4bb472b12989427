package io.vec2text.sources.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vec2text.sources.ReadOptions;
import io.vec2text.sources.Row;
import io.vec2text.sources.VectorReader;
import io.vec2text.sources.VectorSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Databases, on H2 in this process. */
final class JdbcSourceTest extends VectorSourceContract {
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private String url;
  private Connection keeper;
  private int tables;

  @BeforeEach
  void open() throws SQLException {
    url = "jdbc:h2:mem:store" + DATABASES.incrementAndGet();
    keeper = DriverManager.getConnection(url);
  }

  @AfterEach
  void close() throws SQLException {
    keeper.close();
  }

  private void run(String... statements) throws SQLException {
    try (Statement statement = keeper.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Override
  VectorSource filled(List<Item> items, StoreOptions options) throws Exception {
    String table = "chunks" + tables++;
    run("create table " + table + " (doc varchar primary key, body varchar, embedding real array)");
    try (PreparedStatement insert =
        keeper.prepareStatement("insert into " + table + " values (?, 'text', ?)")) {
      for (Item item : items) {
        insert.setString(1, item.id());
        insert.setObject(2, item.vector() == null ? null : boxed(item.vector()));
        insert.execute();
      }
    }
    return Stores.source(url, table(table).reading(options.reading()).build());
  }

  private static Object[] boxed(float[] vector) {
    Object[] boxed = new Object[vector.length];
    for (int i = 0; i < vector.length; i++) {
      boxed[i] = vector[i];
    }
    return boxed;
  }

  private StoreOptions.Builder table(String table) {
    return options().table(table);
  }

  @Override
  VectorSource missing(StoreOptions options) throws Exception {
    return Stores.source(url, table("nowhere").build());
  }

  private List<Row> read(StoreOptions.Builder options) throws Exception {
    return read(Stores.source(url, options.build()));
  }

  @Test
  void readsTextsAndBytes() throws Exception {
    float[] expected = {0.5f, -1, 2, 0, 1, 1, 1, 1};
    byte[] bytes = new byte[4 * DIMENSION];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(expected);
    run("create table v (id int primary key, pgvector varchar, raw varbinary(64), big blob)");
    try (PreparedStatement insert = keeper.prepareStatement("insert into v values (1, ?, ?, ?)")) {
      insert.setString(1, Arrays.toString(expected));
      insert.setBytes(2, bytes);
      insert.setBytes(3, bytes);
      insert.execute();
    }
    for (String column : List.of("pgvector", "RAW", "big")) {
      Row row = read(table("v").reading(reading(column))).get(0);
      assertThat(((Row.Vector) row).values()).as(column).isEqualTo(expected);
      assertThat(row.place().id()).contains("1");
    }
    // Texts and bytes are only asked for by their name, and several have one like a vector's.
    run("alter table v drop column raw");
    assertThat(read(table("v"))).hasSize(1);
  }

  private static ReadOptions reading(String column) {
    return ReadOptions.builder().dimension(DIMENSION).vectorField(column).build();
  }

  @Test
  void halfAndDoublePrecisionAreToldByTheDimension() throws Exception {
    run("create table v (id int primary key, embedding varbinary(64))");
    ByteBuffer doubles = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer halves = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < DIMENSION; i++) {
      doubles.putDouble(i);
      halves.putShort((short) 0x3C00);
    }
    try (PreparedStatement insert = keeper.prepareStatement("insert into v values (?, ?)")) {
      for (byte[] bytes : List.of(doubles.array(), halves.array(), new byte[7])) {
        insert.setInt(1, bytes.length);
        insert.setBytes(2, bytes);
        insert.execute();
      }
    }
    List<Row> rows = read(table("v"));
    assertThat(((Row.Malformed) rows.get(0)).problem()).contains("record 7: has 7 bytes");
    assertThat(((Row.Vector) rows.get(1)).values()).containsExactly(1, 1, 1, 1, 1, 1, 1, 1);
    assertThat(((Row.Vector) rows.get(2)).values()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
  }

  @Test
  void whatIsNoVectorIsAnErrorOfItsRow() throws Exception {
    run(
        "create table v (id int primary key, embedding varchar)",
        "insert into v values (1, 'hello there'), (2, '[1,2,x]'), (3, '[]'), (4, '[1,2]'), (5,"
            + " '')");
    List<Row> rows = read(table("v"));
    assertThat(rows.stream().map(Row.Malformed.class::isInstance))
        .containsExactly(true, true, true, false, true);
    assertThat(((Row.Malformed) rows.get(0)).problem()).doesNotContain("hello");
    run("create table a (id int primary key, embedding real array)");
    run("insert into a values (1, array[1, null])");
    assertThat(((Row.Malformed) read(table("a")).get(0)).problem()).contains("component 1 is NULL");
  }

  @Test
  void bringsMetadataAlong() throws Exception {
    run(
        "create table v (id int primary key, tenant varchar, n int, embedding real array)",
        "insert into v values (1, 'acme', null, array[1.0, 2.0])");
    Row.Vector row = (Row.Vector) read(table("v").metadata(List.of("tenant", "N"))).get(0);
    assertThat(row.metadata()).containsExactly(Map.entry("tenant", "acme"));
    assertThat(row.toString()).doesNotContain("acme");
  }

  @Test
  void readsQueriesAsTheyCome() throws Exception {
    run("create table v (id int primary key, tenant int, embedding real array)");
    for (int i = 0; i < 20; i++) {
      run("insert into v values (%d, %d, array[%d.0, 1.0])".formatted(i, i % 2, i));
    }
    String sql = "select id, embedding from v where tenant = 1 order by id desc";
    VectorSource source = Stores.source(url, options().query(sql).build());
    assertThat(source.isOrdered()).isTrue();
    assertThat(ids(read(source))).startsWith("19", "17").hasSize(10);
    try (VectorReader reader = source.open()) {
      reader.next();
      reader.next();
      try (VectorReader later = source.open(reader.cursor())) {
        assertThat(ids(rest(later))).startsWith("15", "13").hasSize(8);
      }
    }
    assertThat(Stores.source(url, options().query("select * from v").build()).isOrdered())
        .isFalse();
    saysOneLine(
        () -> read(options().query("select * from v where id > 100")), "the query has no rows");
    saysOneLine(() -> read(options().query("select embeding from v")), "can't be read", "EMBEDING");
  }

  @Test
  void readsTablesWithoutAKey() throws Exception {
    run("create table v (name varchar, embedding real array)");
    for (int i = 0; i < 12; i++) {
      run("insert into v values ('same', array[%d.0, 1.0])".formatted(i));
    }
    List<Row> rows = read(table("v"));
    assertThat(rows).hasSize(12);
    assertThat(ids(rows)).containsOnly("same");
    assertThat(Stores.source(url, table("v").build()).isOrdered()).isFalse();
    run("create table w (embedding real array)", "insert into w values (array[1.0]), (null)");
    assertThat(read(table("w"))).hasSize(2);
    assertThat(((Row.Malformed) read(table("w")).get(1)).problem()).startsWith("row 2: has no");
    run("create table empty (embedding real array)");
    saysOneLine(() -> read(table("empty")), "table empty is empty");
  }

  @Test
  void anIdThatIsNotUniqueLosesNothing() throws Exception {
    run("create table v (pk int primary key, doc int, embedding real array)");
    for (int i = 0; i < 23; i++) {
      run("insert into v values (%d, %d, array[1.0, 1.0])".formatted(i, i / 6));
    }
    StoreOptions.Builder byDoc =
        table("v").reading(ReadOptions.builder().idField("doc").dimension(2).build());
    assertThat(read(byDoc)).hasSize(23);
    run("create table u (doc int not null unique, x int, embedding real array)");
    run("insert into u values (2, 1, array[1.0]), (1, 1, array[1.0])");
    // By the unique index.
    assertThat(ids(read(table("u").reading(ReadOptions.builder().idField("doc").build()))))
        .containsExactly("1", "2");
    assertThat(Stores.source(url, byDoc.build()).isOrdered()).isFalse();
    assertThat(Stores.source(url, table("v").build()).isOrdered()).isTrue();
  }

  @Test
  void keysOfManyTypesGoOn() throws Exception {
    for (String type : List.of("bigint", "smallint", "numeric(20)", "uuid", "varchar")) {
      run("drop table if exists k", "create table k (id " + type + " primary key, v real array)");
      for (int i = 10; i < 23; i++) {
        String key =
            type.equals("uuid") ? "'00000000-0000-0000-0000-0000000000" + i + "'" : "'" + i + "'";
        run("insert into k values (" + key + ", array[1.0])");
      }
      VectorSource source = Stores.source(url, table("k").build());
      List<String> all = ids(read(source));
      assertThat(all).as(type).hasSize(13).doesNotHaveDuplicates();
      try (VectorReader reader = source.open()) {
        reader.skip(7);
        try (VectorReader later = source.open(reader.cursor())) {
          assertThat(ids(rest(later))).as(type).isEqualTo(all.subList(7, 13));
        }
      }
    }
  }

  @Test
  void namesAreQuotedAsTheyAre() throws Exception {
    run(
        "create schema \"My Schema\"",
        "create table \"My Schema\".\"order\" (\"the key\" int primary key, \"a \"\"b\" real"
            + " array)",
        "insert into \"My Schema\".\"order\" values (1, array[1.0])");
    assertThat(read(table("\"My Schema\".\"order\"").reading(reading("a \"b")))).hasSize(1);
    saysOneLine(() -> read(table("v; drop table v")), "no possible name");
  }

  @Test
  void whatIsNamedWronglyIsOneLine() throws Exception {
    run("create table plain (id int primary key, body varchar, n bigint)");
    saysOneLine(() -> read(table("plain")), "table plain has no column", "BODY", "--vector COLUMN");
    saysOneLine(
        () -> read(table("plain").reading(reading("vec"))), "has no column vec, it has ID integer");
    run("create table two (id int primary key, title real array, body real array)");
    saysOneLine(() -> read(table("two")), "several columns with vectors", "TITLE", "BODY");
    saysOneLine(() -> read(options()), "--table", "--query", "PLAIN");
    saysOneLine(() -> read(options().query("delete from plain")), "begins with SELECT");
  }

  @Test
  void neverWrites() throws Exception {
    run("create table v (id int primary key, embedding real array)");
    run("insert into v values (1, array[1.0])");
    for (String sql :
        List.of("with x as (select 1) delete from v", "select * from old table (delete from v)")) {
      try {
        read(options().query(sql));
      } catch (StoreException e) {
        assertThat(e.getMessage()).hasLineCount(1);
      }
      assertThat(read(table("v"))).as(sql).hasSize(1);
    }
  }

  @Test
  void wrongCredentialsAreOneLineWithoutThem() throws Exception {
    run(
        "create user reader password 's3cret'",
        "create table v (id int primary key, e real array)");
    Credentials wrong = Credentials.ofVariable("DB_PASSWORD", v -> "s3cret-not").user("reader");
    saysOneLine(
        () -> read(table("v").credentials(wrong)),
        "does not accept the user",
        "the environment variable DB_PASSWORD");
    saysOneLine(
        () -> Stores.source("jdbc:h2:mem:x;PASSWORD=s3cret", options().build()),
        "holds a password");
  }

  @Test
  void aMissingDriverNamesItsArtefact() throws Exception {
    for (String[] driver :
        new String[][] {
          {"jdbc:postgresql://h/d", "org.postgresql:postgresql"},
          {"jdbc:mysql://h/d", "com.mysql:mysql-connector-j"},
          {"jdbc:nonsense:x", "no driver for jdbc:nonsense"}
        }) {
      if (driver[0].contains("postgresql") && hasPostgres()) {
        continue;
      }
      saysOneLine(() -> read(Stores.source(driver[0], table("v").build())), "no driver", driver[1]);
    }
  }

  private static boolean hasPostgres() {
    return DriverManager.drivers().anyMatch(d -> d.getClass().getName().contains("postgresql"));
  }

  @Test
  void holdsOnePageOfManyRows() throws Exception {
    // More than a small heap would hold at once, made up by the database as they are read.
    long rows = Long.getLong("vec2text.large.rows", 20_000);
    String sql =
        "select x as id, array[x, 1, 2, 3] as embedding from system_range(1, " + rows + ")";
    long read = 0;
    try (VectorReader reader =
        Stores.source(url + ";LAZY_QUERY_EXECUTION=1", options().query(sql).build()).open()) {
      for (Row row = reader.next(); row != null; row = reader.next()) {
        read++;
        assertThat(row).isInstanceOf(Row.Vector.class);
      }
    }
    assertThat(read).isEqualTo(rows);
  }
}
