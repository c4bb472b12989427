package io.vec2text.sources.store;

import io.vec2text.sources.Row;
import io.vec2text.sources.VectorReader;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The result of one statement, fetched as it is read. The transaction stays open meanwhile. A
 * cursor is the number of rows before it.
 */
final class JdbcStream implements VectorReader {
  private final String name;
  private final StoreOptions options;
  private final Connection connection;
  private final Statement statement;
  private final ResultSet result;
  private final JdbcRows rows;
  private final String description;
  private final Optional<String> table;
  private long read;
  private boolean ended;

  private JdbcStream(
      String name,
      StoreOptions options,
      Connection connection,
      Statement statement,
      ResultSet result,
      JdbcColumns columns) {
    this.name = name;
    this.options = options;
    this.connection = connection;
    this.statement = statement;
    this.result = result;
    rows = new JdbcRows(columns, options);
    description = columns.description();
    table = options.table();
  }

  /**
   * Runs a statement.
   *
   * @param connection closed with the reader, or by the caller if this fails
   * @param where what has the columns, for messages
   */
  static JdbcStream open(
      Connection connection, String sql, String where, String name, StoreOptions options)
      throws SQLException, StoreException {
    connection.setAutoCommit(false);
    Statement statement =
        connection.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
    boolean mysql =
        connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT).equals("mysql");
    // MySQL's driver holds all rows but for this value.
    statement.setFetchSize(mysql ? Integer.MIN_VALUE : options.pageSize());
    ResultSet result = statement.executeQuery(sql);
    JdbcColumns columns =
        JdbcColumns.find(result.getMetaData(), Optional.empty(), name, where, options);
    return new JdbcStream(name, options, connection, statement, result, columns);
  }

  @Override
  public OptionalLong rows() {
    // Not over the connection whose result is being read.
    return OptionalLong.empty();
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public @Nullable Row next() throws IOException {
    if (ended) {
      return null;
    }
    try {
      if (!result.next()) {
        ended = true;
        if (read == 0) {
          throw new StoreException(
              name,
              table.map(t -> "table " + t + " is empty").orElse("the query has no rows")
                  + ", expected rows with vectors");
        }
        return null;
      }
      Row row = rows.row(result, read + 1);
      read++;
      return row;
    } catch (SQLException e) {
      throw JdbcErrors.of(name, "can't be read on after " + read + " rows", e, options);
    }
  }

  @Override
  public Optional<String> cursor() {
    return read == 0 ? Optional.empty() : Optional.of(Long.toString(read));
  }

  /** Counts rows as read that an earlier reader had. */
  void begin(long rowsBefore) throws IOException {
    long skipped = skip(rowsBefore);
    if (skipped < rowsBefore) {
      throw new StoreException(
          name, "has " + skipped + " rows, can't go on behind row " + rowsBefore);
    }
  }

  @Override
  public void close() throws IOException {
    try (connection;
        statement;
        result) {
      connection.rollback();
    } catch (SQLException e) {
      // It was only read from.
    }
  }
}
