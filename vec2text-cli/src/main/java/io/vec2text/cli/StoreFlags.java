package io.vec2text.cli;

import io.vec2text.Cancellation;
import io.vec2text.sources.ReadOptions;
import io.vec2text.sources.store.Credentials;
import io.vec2text.sources.store.StoreOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How vectors are read from a store, where the input is the location of one. */
final class StoreFlags {
  private static final double MAX_SECONDS = 86_400;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--table",
      paramLabel = "<table>",
      description = "The table of a database, as SQL names it.")
  private @Nullable String table;

  @Option(
      names = "--query",
      paramLabel = "<sql>",
      description = "A query of a database in place of a table; with ORDER BY it can be resumed.")
  private @Nullable String query;

  @Option(
      names = "--user",
      paramLabel = "<name>",
      description = "The user of a store, whose password --key or --key-file holds.")
  private @Nullable String user;

  @Option(
      names = "--key",
      paramLabel = "<VARIABLE>",
      description =
          "Environment variable that holds a store's key, token or password. Default: none.")
  private @Nullable String keyVariable;

  @Option(
      names = "--key-file",
      paramLabel = "<file>",
      description = "File that holds it, readable by you alone.")
  private @Nullable Path keyFile;

  @Option(
      names = "--ca-certificate",
      paramLabel = "<file.pem>",
      description = "The certificate of the authority that a store's own is signed by.")
  private @Nullable Path caCertificate;

  @Option(
      names = "--allow-plaintext",
      description = "Send a store's key to another machine without encryption.")
  private boolean plaintext;

  @Option(
      names = "--page-size",
      paramLabel = "<n>",
      description = "Records that a store is asked for at a time. Default: 256.")
  private @Nullable Integer pageSize;

  @Option(
      names = "--timeout",
      paramLabel = "<seconds>",
      description = "How long a store's answer may take. Default: 60.")
  private @Nullable Double timeout;

  /** Checks the ranges, and that nothing is said of a store where there is none. */
  void check(boolean store) {
    boolean said =
        table != null
            || query != null
            || user != null
            || keyVariable != null
            || keyFile != null
            || caCertificate != null
            || plaintext
            || pageSize != null
            || timeout != null;
    require(
        store || !said,
        "--table, --query, --user, --key, --key-file, --ca-certificate, --allow-plaintext,"
            + " --page-size and --timeout say how a store is read, the input is none");
    require(table == null || query == null, "--table and --query exclude each other");
    require(keyVariable == null || keyFile == null, "--key and --key-file exclude each other");
    require(
        pageSize == null || (pageSize > 0 && pageSize <= StoreOptions.MAX_PAGE_SIZE),
        "--page-size must be from 1 to " + StoreOptions.MAX_PAGE_SIZE + ", was " + pageSize);
    require(
        timeout == null || (timeout >= 0.001 && timeout <= MAX_SECONDS),
        "--timeout must be from 0.001 to 86400 seconds, was " + timeout);
  }

  private void require(boolean condition, String message) {
    Problems.require(spec, condition, message);
  }

  /** The options of a store. */
  StoreOptions options(ReadOptions reading, List<String> metadata, Cancellation cancellation)
      throws IOException {
    StoreOptions.Builder options =
        StoreOptions.builder()
            .reading(reading)
            .metadata(metadata)
            .credentials(credentials())
            .cancellation(cancellation);
    if (table != null) {
      options.table(table);
    }
    if (query != null) {
      options.query(query);
    }
    if (caCertificate != null) {
      options.caCertificate(caCertificate);
    }
    if (plaintext) {
      options.allowPlaintextCredentials();
    }
    if (pageSize != null) {
      options.pageSize(pageSize);
    }
    if (timeout != null) {
      options.timeout(Duration.ofMillis(Math.round(1000 * timeout)));
    }
    return options.build();
  }

  private Credentials credentials() throws IOException {
    Credentials credentials = Credentials.NONE;
    if (keyVariable != null) {
      credentials = Credentials.ofVariable(keyVariable);
    } else if (keyFile != null) {
      credentials = Credentials.ofFile(keyFile);
    }
    return user == null ? credentials : credentials.user(user);
  }

  /** Adds what is read. */
  void addTo(Inputs inputs) {
    inputs.file(keyFile).file(caCertificate);
  }

  /** What results depend on of all this. */
  Fingerprint addTo(Fingerprint fingerprint) {
    return fingerprint
        .with("table", table == null ? "none" : table)
        .with("query", query == null ? "none" : query);
  }
}
