package io.vec2text.sources.store;

import com.google.common.primitives.Longs;
import io.vec2text.sources.VectorReader;
import io.vec2text.sources.VectorSource;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Databases with JDBC drivers. */
final class JdbcProvider implements StoreProvider {
  private static final Pattern READS =
      Pattern.compile("(?is)\\s*(select|with|values|table|from)\\b.*");
  private static final Pattern ORDERED = Pattern.compile("(?is).*\\border\\s+by\\b.*");
  private static final int SHOWN = 8;

  @Override
  public boolean accepts(String location) {
    return location.toLowerCase(Locale.ROOT).startsWith("jdbc:");
  }

  @Override
  public VectorSource source(String location, StoreOptions options) throws IOException {
    String name = Location.name(location);
    if (options.query().isPresent() && !READS.matcher(options.query().get()).matches()) {
      throw new StoreException(name, "is asked for no query, expected one that begins with SELECT");
    }
    if (options.caCertificate().isPresent()) {
      throw new StoreException(
          name, "has its certificates named in the location, as its driver says");
    }
    return new JdbcSource(location, name, options);
  }

  private record JdbcSource(String url, String name, StoreOptions options) implements VectorSource {

    @Override
    public boolean isOrdered() throws IOException {
      if (options.query().isPresent() || options.table().isEmpty()) {
        return options.query().map(query -> ORDERED.matcher(query).matches()).orElse(true);
      }
      try (Connection connection = connect()) {
        return JdbcTable.open(connection, name, options).unique();
      } catch (SQLException e) {
        throw JdbcErrors.of(name, doing(), e, options);
      }
    }

    private Connection connect() throws IOException {
      try {
        return JdbcDrivers.connect(url, name, options);
      } catch (SQLException e) {
        throw JdbcErrors.of(name, "can't connect", e, options);
      }
    }

    private String doing() {
      return options.table().map(table -> "can't read table " + table).orElse("can't be read");
    }

    @Override
    public VectorReader open(Optional<String> cursor) throws IOException {
      Connection connection = connect();
      boolean opened = false;
      try {
        VectorReader reader = open(connection, cursor);
        opened = true;
        return reader;
      } catch (SQLException e) {
        throw JdbcErrors.of(name, doing(), e, options);
      } finally {
        if (!opened) {
          closeQuietly(connection);
        }
      }
    }

    private VectorReader open(Connection connection, Optional<String> cursor)
        throws IOException, SQLException {
      if (options.query().isPresent()) {
        return stream(connection, options.query().get(), "the query's result", cursor);
      }
      if (options.table().isEmpty()) {
        throw new StoreException(
            name, "name the table (--table) or a query (--query)" + tables(connection));
      }
      JdbcTable table = JdbcTable.open(connection, name, options);
      if (table.unique()) {
        return PagedReader.open(name, new JdbcPages(url, name, options, table, connection), cursor);
      }
      return stream(
          connection, table.all(connection.getMetaData()), "table " + table.sql(), cursor);
    }

    private VectorReader stream(
        Connection connection, String sql, String where, Optional<String> cursor)
        throws IOException, SQLException {
      JdbcStream stream = JdbcStream.open(connection, sql, where, name, options);
      if (cursor.isPresent()) {
        Long rows = Longs.tryParse(cursor.get());
        if (rows == null || rows < 0) {
          throw new StoreException(name, "can't go on at what is no cursor of its reader");
        }
        stream.begin(rows);
      }
      return stream;
    }

    private static String tables(Connection connection) throws SQLException {
      List<String> names = new ArrayList<>();
      try (ResultSet tables =
          connection
              .getMetaData()
              .getTables(
                  connection.getCatalog(),
                  connection.getSchema(),
                  "%",
                  new String[] {"TABLE", "BASE TABLE", "VIEW"})) {
        while (tables.next() && names.size() <= SHOWN) {
          names.add(tables.getString("TABLE_NAME"));
        }
      }
      if (names.isEmpty()) {
        return "; there are none in the current schema";
      }
      boolean more = names.size() > SHOWN;
      return "; there are "
          + String.join(", ", names.subList(0, Math.min(SHOWN, names.size())))
          + (more ? ", …" : "");
    }

    private static void closeQuietly(Connection connection) {
      try {
        connection.close();
      } catch (SQLException e) {
        // It was only read from.
      }
    }
  }
}
