package io.vec2text.sources.store;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vec2text.Cancellation;
import io.vec2text.internal.Backoff;
import io.vec2text.internal.Retries;
import io.vec2text.sources.ReadOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a store is to be read. */
public final class StoreOptions {
  /** The most rows of a page. */
  public static final int MAX_PAGE_SIZE = 10_000;

  private static final StoreOptions DEFAULTS = builder().build();

  private final ReadOptions reading;
  private final Optional<String> table;
  private final Optional<String> query;
  private final List<String> metadata;
  private final int pageSize;
  private final Duration timeout;
  private final int retries;
  private final Backoff backoff;
  private final Credentials credentials;
  private final Optional<Path> caCertificate;
  private final boolean plaintextCredentials;
  private final Cancellation cancellation;

  private StoreOptions(Builder b) {
    reading = b.reading;
    table = Optional.ofNullable(b.table);
    query = Optional.ofNullable(b.query);
    metadata = b.metadata;
    pageSize = b.pageSize;
    timeout = b.timeout;
    retries = b.retries;
    backoff = b.backoff;
    credentials = b.credentials;
    caCertificate = Optional.ofNullable(b.caCertificate);
    plaintextCredentials = b.plaintextCredentials;
    cancellation = b.cancellation;
  }

  /** No credentials; fields are found by type and name. */
  public static StoreOptions defaults() {
    return DEFAULTS;
  }

  /** Starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** The fields of vectors and ids, the dimension of the space, and the scale. */
  public ReadOptions reading() {
    return reading;
  }

  /** The table of a database. */
  public Optional<String> table() {
    return table;
  }

  /** The query of a database, in place of a table. */
  public Optional<String> query() {
    return query;
  }

  /** The fields that rows bring along as {@link io.vec2text.sources.Row.Vector#metadata()}. */
  public List<String> metadata() {
    return metadata;
  }

  /** The most rows that are asked for at a time. */
  public int pageSize() {
    return pageSize;
  }

  /** How long an answer may take. */
  public Duration timeout() {
    return timeout;
  }

  /** How often a request that failed is repeated, where that may help. */
  public int retries() {
    return retries;
  }

  Retries repetition() {
    return new Retries(retries, backoff);
  }

  /** What the store knows its reader by. */
  public Credentials credentials() {
    return credentials;
  }

  /** The certificates of the authority that the store's own is signed by, where it is private. */
  public Optional<Path> caCertificate() {
    return caCertificate;
  }

  /** Whether credentials may be sent without encryption to another machine. */
  public boolean plaintextCredentials() {
    return plaintextCredentials;
  }

  /** Ends waiting for a store. */
  public Cancellation cancellation() {
    return cancellation;
  }

  /** Builds {@link StoreOptions}. */
  public static final class Builder {
    private ReadOptions reading = ReadOptions.defaults();
    private @Nullable String table;
    private @Nullable String query;
    private List<String> metadata = List.of();
    private int pageSize = 256;
    private Duration timeout = Duration.ofMinutes(1);
    private int retries = 5;
    private Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));
    private Credentials credentials = Credentials.NONE;
    private @Nullable Path caCertificate;
    private boolean plaintextCredentials;
    private Cancellation cancellation = new Cancellation();

    private Builder() {}

    /** The fields of vectors and ids, the dimension, and the scale; a format means nothing here. */
    @CanIgnoreReturnValue
    public Builder reading(ReadOptions options) {
      reading = requireNonNull(options, "options");
      return this;
    }

    /** The table of a database, also with its schema: {@code schema.table}. */
    @CanIgnoreReturnValue
    public Builder table(String table) {
      this.table = requireNonNull(table, "table");
      return this;
    }

    /** A query of a database in place of a table; it may only read. */
    @CanIgnoreReturnValue
    public Builder query(String query) {
      this.query = requireNonNull(query, "query");
      return this;
    }

    /** Fields to bring along; by default none. */
    @CanIgnoreReturnValue
    public Builder metadata(List<String> fields) {
      metadata = List.copyOf(fields);
      return this;
    }

    /**
     * The most rows to ask for at a time; by default 256.
     *
     * @throws IllegalArgumentException if not from 1 to {@value #MAX_PAGE_SIZE}
     */
    @CanIgnoreReturnValue
    public Builder pageSize(int rows) {
      checkArgument(
          rows > 0 && rows <= MAX_PAGE_SIZE,
          "page size must be from 1 to %s, was %s",
          MAX_PAGE_SIZE,
          rows);
      pageSize = rows;
      return this;
    }

    /**
     * How long an answer may take; by default a minute.
     *
     * @throws IllegalArgumentException if not positive
     */
    @CanIgnoreReturnValue
    public Builder timeout(Duration timeout) {
      checkArgument(
          !timeout.isNegative() && !timeout.isZero(), "timeout must be positive, was %s", timeout);
      this.timeout = timeout;
      return this;
    }

    /**
     * How often a failed request is repeated, each time after a longer wait; by default 5.
     *
     * @throws IllegalArgumentException if negative
     */
    @CanIgnoreReturnValue
    public Builder retries(int retries) {
      checkArgument(retries >= 0, "retries must not be negative, was %s", retries);
      this.retries = retries;
      return this;
    }

    @CanIgnoreReturnValue
    Builder backoff(Duration first, Duration longest) {
      backoff = new Backoff(first, longest);
      return this;
    }

    /** What the store knows its reader by; by default nothing. */
    @CanIgnoreReturnValue
    public Builder credentials(Credentials credentials) {
      this.credentials = requireNonNull(credentials, "credentials");
      return this;
    }

    /**
     * A file of certificates (PEM) to trust in place of those that Java trusts, for stores that are
     * reached by HTTPS.
     */
    @CanIgnoreReturnValue
    public Builder caCertificate(Path file) {
      caCertificate = requireNonNull(file, "file");
      return this;
    }

    /** Allows that credentials go to other machines without encryption. */
    @CanIgnoreReturnValue
    public Builder allowPlaintextCredentials() {
      plaintextCredentials = true;
      return this;
    }

    /** Ends waiting for a store. */
    @CanIgnoreReturnValue
    public Builder cancellation(Cancellation cancellation) {
      this.cancellation = requireNonNull(cancellation, "cancellation");
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException if there are both a table and a query
     */
    public StoreOptions build() {
      checkArgument(table == null || query == null, "a table and a query exclude each other");
      return new StoreOptions(this);
    }
  }
}
