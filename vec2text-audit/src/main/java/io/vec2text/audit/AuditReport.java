package io.vec2text.audit;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import io.vec2text.EmbeddingSpace;
import io.vec2text.Evidence;
import io.vec2text.InversionResult;
import io.vec2text.Verdict;
import io.vec2text.audit.detect.DataType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What an audit found. It holds what came back; {@link #toString()} does not, nor do written
 * reports unless they are told to.
 *
 * @param subject what was audited, and with what
 * @param sampling which records
 * @param records those of the sample that were inverted, in the order in which they were drawn
 * @param types the kinds of data that were looked for
 * @param canaries what became of the canaries
 * @param truth what came back beside the true texts, where these were given
 * @param wholeStore what the pass over all records told
 * @param complete whether all of the sample was inverted; if not, what was is still a simple random
 *     sample
 */
public record AuditReport(
    Subject subject,
    Sampling sampling,
    List<AuditedRecord> records,
    List<DataType> types,
    List<Canary.Returned> canaries,
    Optional<TruthCheck> truth,
    WholeStore wholeStore,
    boolean complete) {
  /** Copies. */
  public AuditReport {
    records = ImmutableList.copyOf(records);
    types = ImmutableList.copyOf(types);
    canaries = ImmutableList.copyOf(canaries);
  }

  /**
   * What was audited, and with what.
   *
   * @param source name of the store or file
   * @param space the space that the vectors were taken for
   * @param search the search
   * @param maxEmbeddings texts that the attacker may embed for a record
   * @param timeLimit work that may go into a record, if that was limited
   * @param searchAnyway whether vectors were searched that seem to be another model's
   * @param seed seed of the search and of the sample
   * @param versions of the models and the runtime, by name
   * @param version of this program
   * @param date when the audit was made
   */
  public record Subject(
      String source,
      EmbeddingSpace space,
      String search,
      int maxEmbeddings,
      Optional<Duration> timeLimit,
      boolean searchAnyway,
      long seed,
      Map<String, String> versions,
      String version,
      Instant date) {
    /** Copies. */
    public Subject {
      versions = ImmutableMap.copyOf(versions);
    }
  }

  /**
   * Which records were looked at.
   *
   * @param rows rows in the source
   * @param malformed rows without a vector
   * @param population records that the shares are about: all with a vector but for the canaries
   * @param requested size of the sample that was asked for
   * @param drawn records drawn
   * @param wholeSource whether the source was read to its end; if not, nothing is said of the rest
   * @param by the field whose values are the strata of the sample; empty if that is a simple one
   * @param strata the records of each stratum that the shares are about, by value of the field; the
   *     empty value is that of records without it
   */
  public record Sampling(
      long rows,
      long malformed,
      long population,
      int requested,
      int drawn,
      boolean wholeSource,
      Optional<String> by,
      Map<String, Long> strata) {
    /** Copies. */
    public Sampling {
      strata = ImmutableSortedMap.copyOf(strata);
    }

    /** Of a simple random sample. */
    public Sampling(
        long rows, long malformed, long population, int requested, int drawn, boolean wholeSource) {
      this(rows, malformed, population, requested, drawn, wholeSource, Optional.empty(), Map.of());
    }
  }

  /** The findings in what came back, record by record. */
  public List<Finding> findings() {
    return records.stream().flatMap(r -> r.findings().stream()).toList();
  }

  /**
   * These findings, behind them those in suspected records ({@link WholeStore#triage}), and those
   * of {@link WholeStore#deleted}.
   */
  public List<Finding> allFindings() {
    return Stream.of(
            findings().stream(),
            wholeStore.triage().stream().flatMap(triage -> triage.findings().stream()),
            wholeStore.deleted().stream().flatMap(deleted -> deleted.findings().stream()))
        .flatMap(findings -> findings)
        .toList();
  }

  /** The values that came back from several records, that of most records first. */
  public List<SharedValue> sharedValues() {
    return SharedValue.among(findings());
  }

  /** Records that gave a result. */
  public long inverted() {
    return count(r -> r.result().isPresent());
  }

  /** Records whose vector could not be inverted. */
  public long errors() {
    return records.size() - inverted();
  }

  /** Records whose vector is another model's, or no embedding; they count as inverted. */
  public long foreign() {
    return count(
        r -> r.result().filter(result -> result.shows(Evidence.Kind.OTHER_MODEL)).isPresent());
  }

  /** Records whose text is probably longer than the models can write. */
  public long tooLong() {
    return count(r -> r.result().filter(InversionResult::exceedsSupportedLength).isPresent());
  }

  /** The records that have a property. */
  public PopulationShare share(Predicate<AuditedRecord> property) {
    if (sampling.by().isPresent()) {
      return PopulationShare.ofStrata(
          sampling.strata().keySet().stream().map(s -> share(s, property)).toList());
    }
    return share(r -> true, property, sampling.population());
  }

  /** The records of a stratum that have a property. */
  public PopulationShare share(String stratum, Predicate<AuditedRecord> property) {
    return share(
        r -> r.stratum().equals(stratum), property, sampling.strata().getOrDefault(stratum, 0L));
  }

  private PopulationShare share(
      Predicate<AuditedRecord> among, Predicate<AuditedRecord> property, long population) {
    long inverted = count(r -> r.result().isPresent() && among.test(r));
    return new PopulationShare(
        count(r -> r.result().isPresent() && among.test(r) && property.test(r)),
        inverted,
        Math.max(inverted, population));
  }

  /** The records that have a verdict. */
  public PopulationShare share(Verdict verdict) {
    return share(r -> r.result().filter(result -> result.verdict() == verdict).isPresent());
  }

  /** The records from which data of a kind came back. */
  public PopulationShare share(DataType type, Exactness exactness) {
    return share(
        r ->
            r.findings().stream()
                .anyMatch(f -> f.type().equals(type) && f.exactness() == exactness));
  }

  /** The records from which personal data or a secret came back word for word. */
  public PopulationShare leaking() {
    return share(AuditedRecord::leaks);
  }

  /** The records whose text came back exactly, or with most of its words right. */
  public PopulationShare readable() {
    return share(AuditedRecord::isReadable);
  }

  /** The worst severity of what came back; empty if there is nothing. */
  public Optional<Severity> worst() {
    return findings().stream().map(Finding::severity).max(Severity::compareTo);
  }

  /** Texts that were embedded in all. */
  public long embeddings() {
    return records.stream()
        .flatMap(r -> r.result().stream())
        .mapToLong(r -> r.cost().embedderCalls())
        .sum();
  }

  /** The work that went into the records. */
  public Duration work() {
    return records.stream()
        .flatMap(r -> r.result().stream())
        .map(r -> r.cost().work())
        .reduce(Duration.ZERO, Duration::plus);
  }

  private long count(Predicate<AuditedRecord> property) {
    return records.stream().filter(property).count();
  }
}
