package io.vec2text.sources.store;

import io.vec2text.sources.internal.OneLine;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Connects to databases by whatever drivers are on the class path. */
final class JdbcDrivers {
  /** Where drivers are to be had, by what follows {@code jdbc:} in a URL. */
  private static final Map<String, String> ARTEFACTS =
      Map.ofEntries(
          Map.entry("postgresql", "org.postgresql:postgresql"),
          Map.entry("mysql", "com.mysql:mysql-connector-j"),
          Map.entry("mariadb", "org.mariadb.jdbc:mariadb-java-client"),
          Map.entry("sqlite", "org.xerial:sqlite-jdbc"),
          Map.entry("duckdb", "org.duckdb:duckdb_jdbc"),
          Map.entry("h2", "com.h2database:h2"),
          Map.entry("oracle", "com.oracle.database.jdbc:ojdbc11"),
          Map.entry("sqlserver", "com.microsoft.sqlserver:mssql-jdbc"),
          Map.entry("db2", "com.ibm.db2:jcc"),
          Map.entry("clickhouse", "com.clickhouse:clickhouse-jdbc"),
          Map.entry("snowflake", "net.snowflake:snowflake-jdbc"));

  private JdbcDrivers() {}

  /**
   * Connects, for reading only.
   *
   * @throws StoreException if there is no driver
   * @throws SQLException if the database refuses, or does not answer in time
   */
  static Connection connect(String url, String name, StoreOptions options)
      throws IOException, SQLException {
    Driver driver = driver(url).orElseThrow(() -> new StoreException(name, missing(url)));
    Properties properties = new Properties();
    options.credentials().user().ifPresent(user -> properties.setProperty("user", user));
    options.credentials().secret().ifPresent(s -> properties.setProperty("password", s));
    if (url.startsWith("jdbc:duckdb:")) {
      // Or it holds all rows of a result.
      properties.setProperty("jdbc_stream_results", "true");
      boolean inMemory = url.matches("jdbc:duckdb:(:memory:.*)?");
      if (!inMemory) {
        properties.setProperty("duckdb.read_only", "true");
      }
    }
    if (url.startsWith("jdbc:sqlite:")) {
      properties.setProperty("open_mode", "1"); // for reading only, and only if it is there
    }
    Connection connection = connect(driver, url, properties, name, options);
    try {
      try {
        connection.setReadOnly(true);
      } catch (SQLFeatureNotSupportedException e) {
        // DuckDB in memory, where there is nothing to write to.
      }
      limitAnswers(connection, options);
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** Connects on a thread of its own: not every driver gives up in time. */
  private static Connection connect(
      Driver driver, String url, Properties properties, String name, StoreOptions options)
      throws IOException, SQLException {
    CompletableFuture<Connection> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                Connection connection = driver.connect(url, properties);
                if (connection == null) {
                  result.completeExceptionally(new SQLException("the driver refuses the URL"));
                } else if (!result.complete(connection)) {
                  connection.close();
                }
              } catch (SQLException | RuntimeException | LinkageError e) {
                result.completeExceptionally(e);
              }
            },
            "vec2text-jdbc");
    thread.setDaemon(true);
    thread.start();
    try {
      return new Waiting(name, options.cancellation()).await(result, options.timeout());
    } catch (TimeoutException e) {
      // State 08: as when the driver itself could not connect.
      throw new SQLException(
          "no connection within " + options.timeout().toMillis() + " ms", "08001", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SQLException cause) {
        throw cause;
      }
      throw new SQLException("the driver failed: " + OneLine.reason(e), e);
    }
  }

  private static void limitAnswers(Connection connection, StoreOptions options)
      throws SQLException {
    try {
      connection.setNetworkTimeout(Runnable::run, (int) options.timeout().toMillis());
    } catch (SQLFeatureNotSupportedException | UnsupportedOperationException e) {
      // An embedded database, or an old driver: the query's timeout remains.
    }
  }

  private static Optional<Driver> driver(String url) throws SQLException {
    // A driver that can't be loaded is no reason to miss another.
    Iterator<Driver> drivers = ServiceLoader.load(Driver.class).iterator();
    while (true) {
      @Nullable Driver driver = null;
      try {
        if (!drivers.hasNext()) {
          break;
        }
        driver = drivers.next();
      } catch (ServiceConfigurationError e) {
        continue;
      }
      if (driver.acceptsURL(url)) {
        return Optional.of(driver);
      }
    }
    for (Driver driver : DriverManager.drivers().toList()) {
      if (driver.acceptsURL(url)) {
        return Optional.of(driver);
      }
    }
    return Optional.empty();
  }

  private static String missing(String url) {
    String[] parts = url.split(":", 3);
    String kind = parts.length < 2 ? "" : parts[1].toLowerCase(Locale.ROOT);
    String artefact = ARTEFACTS.get(kind);
    return artefact == null
        ? "there is no driver for jdbc:" + kind + " on the class path"
        : "there is no driver on the class path; add "
            + artefact
            + " (java -cp vec2text.jar:"
            + artefact.substring(artefact.indexOf(':') + 1)
            + ".jar io.vec2text.cli.Main …)";
  }
}
