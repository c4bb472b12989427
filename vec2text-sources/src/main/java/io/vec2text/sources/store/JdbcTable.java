package io.vec2text.sources.store;

import com.google.common.base.Splitter;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A table of a database.
 *
 * @param sql its name as SQL has it
 * @param columns what is read of it
 * @param unique whether each id is there once and none is missing, so that pages can be told apart
 *     by their last ids
 */
record JdbcTable(String sql, JdbcColumns columns, boolean unique) {
  private static final String PART = "([\\p{L}_][\\p{L}\\p{N}_$]*|\"[^\"]+\"|`[^`]+`|\\[[^]]+])";
  private static final Pattern NAME = Pattern.compile(PART + "(\\." + PART + "){0,2}");

  /** Looks at a table. */
  static JdbcTable open(Connection connection, String name, StoreOptions options)
      throws SQLException, StoreException {
    String table = options.table().orElseThrow();
    if (!NAME.matcher(table).matches()) {
      throw new StoreException(
          name, "is asked for a table of no possible name: " + table + "; quote it as in SQL");
    }
    DatabaseMetaData meta = connection.getMetaData();
    Keys keys = Keys.of(meta, connection, table);
    JdbcColumns columns;
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("select * from " + table + " where 1 = 0")) {
      columns =
          JdbcColumns.find(result.getMetaData(), keys.primary(), name, "table " + table, options);
    }
    return new JdbcTable(table, columns, columns.id().filter(keys.unique()::contains).isPresent());
  }

  /** The columns that identify rows alone. */
  private record Keys(Optional<String> primary, Set<String> unique) {

    static Keys of(DatabaseMetaData meta, Connection connection, String table) throws SQLException {
      List<String> parts = new ArrayList<>();
      for (String part : Splitter.on('.').split(table)) {
        parts.add(folded(part, meta));
      }
      String last = parts.get(parts.size() - 1);
      @Nullable String schema = parts.size() > 1 ? parts.get(parts.size() - 2) : schema(connection);
      @Nullable String catalog = parts.size() > 2 ? parts.get(0) : connection.getCatalog();
      List<String> primary = new ArrayList<>();
      try (ResultSet keys = meta.getPrimaryKeys(catalog, schema, last)) {
        while (keys.next()) {
          primary.add(keys.getString("COLUMN_NAME"));
        }
      }
      Set<String> unique = new HashSet<>();
      if (primary.size() == 1) {
        unique.add(primary.get(0));
      }
      try {
        unique.addAll(uniqueIndexes(meta, catalog, schema, last));
      } catch (SQLFeatureNotSupportedException e) {
        // The primary key may do.
      }
      return new Keys(primary.size() == 1 ? Optional.of(primary.get(0)) : Optional.empty(), unique);
    }

    private static Set<String> uniqueIndexes(
        DatabaseMetaData meta, @Nullable String catalog, @Nullable String schema, String table)
        throws SQLException {
      Set<String> notNull = new HashSet<>();
      try (ResultSet columns = meta.getColumns(catalog, schema, table, "%")) {
        while (columns.next()) {
          // The name is a pattern there, which may fit others.
          boolean same =
              table.equals(columns.getString("TABLE_NAME"))
                  && (schema == null || schema.equals(columns.getString("TABLE_SCHEM")));
          if (same && columns.getInt("NULLABLE") == DatabaseMetaData.columnNoNulls) {
            notNull.add(columns.getString("COLUMN_NAME"));
          }
        }
      }
      Set<String> unique = new HashSet<>();
      Set<String> shared = new HashSet<>();
      Map<String, String> only = new HashMap<>();
      try (ResultSet indexes = meta.getIndexInfo(catalog, schema, table, true, true)) {
        while (indexes.next()) {
          String index = indexes.getString("INDEX_NAME");
          String column = indexes.getString("COLUMN_NAME");
          if (index == null || column == null || indexes.getBoolean("NON_UNIQUE")) {
            continue;
          }
          if (only.put(index, column) != null || indexes.getString("FILTER_CONDITION") != null) {
            shared.add(index);
          }
        }
      }
      only.forEach(
          (index, column) -> {
            if (!shared.contains(index) && notNull.contains(column)) {
              unique.add(column);
            }
          });
      return unique;
    }

    private static @Nullable String schema(Connection connection) {
      try {
        return connection.getSchema();
      } catch (SQLException | AbstractMethodError e) {
        return null;
      }
    }

    /** A name as the catalogue has it. */
    private static String folded(String part, DatabaseMetaData meta) throws SQLException {
      if ("\"`[".indexOf(part.charAt(0)) >= 0) {
        return part.substring(1, part.length() - 1);
      }
      if (meta.storesUpperCaseIdentifiers()) {
        return part.toUpperCase(Locale.ROOT);
      }
      return meta.storesLowerCaseIdentifiers() ? part.toLowerCase(Locale.ROOT) : part;
    }
  }

  /**
   * The statement that reads some rows behind an id, or the first ones.
   *
   * @param behind whether it has a parameter, the id
   * @param rows how many rows
   */
  String page(DatabaseMetaData meta, boolean behind, int rows) throws SQLException {
    String id = quoted(columns.id().orElseThrow(), meta);
    return all(meta)
        + (behind ? " where " + id + " > ?" : "")
        + " order by "
        + id
        + limit(meta.getDatabaseProductName(), rows);
  }

  private static String limit(String product, int rows) {
    String name = product.toLowerCase(Locale.ROOT);
    if (name.contains("sql server")) {
      return " offset 0 rows fetch next " + rows + " rows only";
    }
    boolean standard = name.contains("oracle") || name.startsWith("db2") || name.contains("derby");
    return standard ? " fetch first " + rows + " rows only" : " limit " + rows;
  }

  /** The statement that reads all rows. */
  String all(DatabaseMetaData meta) throws SQLException {
    Set<String> selected = new LinkedHashSet<>();
    columns.id().ifPresent(selected::add);
    selected.add(columns.vector());
    selected.addAll(columns.metadata().values());
    List<String> quoted = new ArrayList<>();
    for (String column : selected) {
      quoted.add(quoted(column, meta));
    }
    return "select " + String.join(", ", quoted) + " from " + sql;
  }

  private static String quoted(String column, DatabaseMetaData meta) throws SQLException {
    String quote = meta.getIdentifierQuoteString();
    return quote == null || quote.isBlank()
        ? column
        : quote + column.replace(quote, quote + quote) + quote;
  }

  /** Counts the rows, if that takes some seconds at most. */
  static OptionalLong count(Connection connection, String table) {
    try (Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(5);
      try (ResultSet result = statement.executeQuery("select count(*) from " + table)) {
        return result.next() ? OptionalLong.of(result.getLong(1)) : OptionalLong.empty();
      }
    } catch (SQLException e) {
      return OptionalLong.empty();
    }
  }
}
