package io.vec2text.sources.store;

import io.vec2text.sources.Row;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A table in the order of its ids. A page's token is the last id before it, so that no transaction
 * stays open between pages, and a lost connection loses nothing.
 */
final class JdbcPages implements Pages {
  private final String url;
  private final String name;
  private final StoreOptions options;
  private final JdbcTable table;
  private final JdbcRows rows;
  private @Nullable Connection connection;
  private boolean worked;
  private long read;

  /**
   * Pages of a table whose ids are unique.
   *
   * @param connection closed with the pages
   */
  JdbcPages(String url, String name, StoreOptions options, JdbcTable table, Connection connection) {
    this.url = url;
    this.name = name;
    this.options = options;
    this.table = table;
    this.connection = connection;
    rows = new JdbcRows(table.columns(), options);
  }

  @Override
  public Page read(Optional<String> token) throws IOException {
    Optional<Object> key;
    try {
      key = token.map(JdbcKey::decode);
    } catch (IllegalArgumentException e) {
      throw new StoreException(name, "can't go on at what is no cursor of its reader", e);
    }
    for (int failures = 1; ; failures++) {
      try {
        Page page = attempt(key);
        worked = true;
        return page;
      } catch (SQLException e) {
        close();
        boolean again = worked && JdbcErrors.mayPass(e) && failures <= options.retries();
        if (!again) {
          String tried = failures == 1 ? "" : ", given up after " + failures + " attempts";
          throw JdbcErrors.of(
              name,
              "can't read table " + table.sql() + " after " + read + " rows" + tried,
              e,
              options);
        }
        new Waiting(name, options.cancellation()).sleep(options.repetition().pause(failures, null));
      }
    }
  }

  private Page attempt(Optional<Object> key) throws IOException, SQLException {
    Connection open = connection == null ? JdbcDrivers.connect(url, name, options) : connection;
    connection = open;
    open.setAutoCommit(false);
    List<Row> page = new ArrayList<>();
    @Nullable Object last = null;
    String sql = table.page(open.getMetaData(), key.isPresent(), options.pageSize());
    try (PreparedStatement statement = open.prepareStatement(sql)) {
      statement.setFetchSize(options.pageSize());
      statement.setQueryTimeout((int) Math.max(1, options.timeout().toSeconds()));
      if (key.isPresent()) {
        statement.setObject(1, key.get());
      }
      String id = table.columns().id().orElseThrow();
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          page.add(rows.row(result, read + page.size() + 1));
          last = result.getObject(id);
          if (last == null) {
            throw new StoreException(
                name,
                "table "
                    + table.sql()
                    + " has rows whose id is NULL, between which it can't go on; use a --query");
          }
        }
      }
    } finally {
      open.rollback();
    }
    read += page.size();
    return new Page(page, next(page, last));
  }

  private Optional<String> next(List<Row> page, @Nullable Object last) throws SQLException {
    if (page.size() < options.pageSize() || last == null) {
      return Optional.empty();
    }
    Optional<String> token = JdbcKey.encode(last);
    if (token.isEmpty()) {
      throw new SQLException("ids of type " + last.getClass().getSimpleName() + " are not known");
    }
    return token;
  }

  @Override
  public OptionalLong count() {
    Connection open = connection;
    if (open == null) {
      return OptionalLong.empty();
    }
    try {
      OptionalLong count = JdbcTable.count(open, table.sql());
      open.rollback();
      return count;
    } catch (SQLException e) {
      return OptionalLong.empty();
    }
  }

  @Override
  public String description() {
    return table.columns().description();
  }

  @Override
  public void close() throws IOException {
    Connection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        // It was only read from.
      }
    }
  }
}
