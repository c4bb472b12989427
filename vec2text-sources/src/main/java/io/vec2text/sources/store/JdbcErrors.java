package io.vec2text.sources.store;

import io.vec2text.sources.internal.OneLine;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;

/** Tells what a database complains of. */
final class JdbcErrors {
  private JdbcErrors() {}

  /** Whether the same may succeed later, over a new connection. */
  static boolean mayPass(SQLException e) {
    String state = state(e);
    return e instanceof SQLTransientException
        || e instanceof SQLRecoverableException
        || state.startsWith("08")
        || state.startsWith("57P")
        || state.startsWith("53")
        || state.equals("40001");
  }

  /**
   * The problem in one line.
   *
   * @param doing what was tried, for example {@code can't connect}
   */
  static StoreException of(String name, String doing, SQLException e, StoreOptions options) {
    String problem = doing;
    if (state(e).startsWith("28")) {
      problem =
          options.credentials().secret().isEmpty()
              ? "it asks for credentials; name the user (--user NAME) and the environment variable"
                  + " with the password (--key VARIABLE)"
              : "it does not accept the user with what "
                  + options.credentials().origin()
                  + " holds";
    }
    return new StoreException(name, problem + ": " + said(e, options), e);
  }

  /** The first line of what the driver says: others may quote values. */
  private static String said(SQLException e, StoreOptions options) {
    String first = OneLine.reason(e).strip().lines().findFirst().orElse("");
    // H2 adds the statement.
    int statement = first.indexOf("; SQL statement:");
    return options.credentials().redact(statement < 0 ? first : first.substring(0, statement));
  }

  private static String state(SQLException e) {
    return e.getSQLState() == null ? "" : e.getSQLState();
  }
}
