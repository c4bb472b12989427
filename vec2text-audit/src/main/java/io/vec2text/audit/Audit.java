package io.vec2text.audit;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vec2text.Embedder;
import io.vec2text.InversionOptions;
import io.vec2text.Inverter;
import io.vec2text.audit.detect.Detectors;
import io.vec2text.sources.VectorReader;
import io.vec2text.spi.WordPredictor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says what of a vector store can be read from its vectors alone.
 *
 * <pre>{@code
 * try (Vec2Text inverter = Vec2Text.open("all-MiniLM-L6-v2");
 *     VectorReader vectors = VectorFiles.open(Path.of("export.jsonl"), ReadOptions.defaults())) {
 *   AuditReport report = Audit.builder(inverter).sample(200).build().run(vectors);
 *   Files.writeString(Path.of("report.html"), Reports.html(report, Rendering.REDACTED));
 * }
 * }</pre>
 *
 * <p>One pass over all records draws a simple random sample and finds the canaries; then these are
 * inverted, and what comes back is searched for personal data and secrets. Memory grows with the
 * sample, not with the store. A cancelled audit reports what it has.
 */
public final class Audit {
  /** The records that are inverted unless told otherwise: a share is then known to 7 points. */
  public static final int DEFAULT_SAMPLE = 200;

  private final Inverter inverter;
  private final int sample;
  private final InversionOptions inversion;
  private final Detectors detectors;
  private final ImmutableList<Canary> canaries;
  private final ImmutableList<String> knownTexts;
  private final @Nullable Embedder embedder;
  private final @Nullable Iterable<String> deletedIds;
  private final @Nullable WordPredictor predictor;
  private final int suspects;
  private final ImmutableMap<String, String> truth;
  private final Optional<String> by;
  private final Optional<Path> resume;
  private final String conditions;
  private final AuditListener listener;
  private final AuditReport.Subject subject;

  private Audit(Builder b) {
    inverter = b.inverter;
    sample = b.sample;
    inversion = b.inversion;
    detectors = b.detectors == null ? Detectors.standard() : b.detectors;
    canaries = ImmutableList.copyOf(b.canaries);
    knownTexts = ImmutableList.copyOf(b.knownTexts);
    embedder = b.embedder;
    deletedIds = b.deletedIds;
    predictor = b.predictor;
    suspects = b.suspects;
    truth = ImmutableMap.copyOf(b.truth);
    by = Optional.ofNullable(b.by);
    resume = Optional.ofNullable(b.resume);
    conditions = b.conditions;
    listener = b.listener;
    subject =
        new AuditReport.Subject(
            b.source,
            inverter.space(),
            b.search,
            inversion.maxEmbeddings(),
            inversion.timeLimit(),
            inversion.searchAnyway(),
            inversion.seed(),
            b.versions,
            b.version,
            b.date == null ? Instant.now() : b.date);
  }

  /** An audit by an inverter, which stays the caller's to close. */
  public static Builder builder(Inverter inverter) {
    return new Builder(inverter);
  }

  /**
   * Makes the audit.
   *
   * @param vectors the records, which are read to their end but not closed
   * @return what was found; of a cancelled audit, what was found so far
   * @throws AuditException if there is no vector, or most are another model's
   * @throws IOException if the vectors can't be read, or the folder of inversions not written
   */
  public AuditReport run(VectorReader vectors) throws IOException {
    StorePass pass =
        new StorePass(
            Optional.ofNullable(deletedIds).map(DeletedIds::new),
            StorePass.embedded(knownTexts, embedder).map(KnownTexts::new),
            // As many suspects as are left when those of the sample are taken out.
            Optional.ofNullable(predictor)
                .map(
                    p ->
                        new TriagePass(
                            p,
                            inverter.space().dimension(),
                            suspects + sample + canaries.size(),
                            detectors,
                            truth)),
            new DuplicateFinder());
    Sample drawn =
        Sample.draw(
            vectors,
            sample,
            inversion.seed(),
            StorePass.sought(canaries, embedder),
            pass.observers(),
            by,
            inversion.cancellation());
    drawn.requireVectors(subject);
    WholeStore wholeStore = pass.found(subject.source());
    SampleInversion.Inverted inverted;
    try (SampleInversion run =
        SampleInversion.open(
            inverter, inversion, detectors, resume, conditions, listener, subject.source())) {
      inverted = run.invert(drawn, canaries, pass.suspects(suspects, drawn));
    }
    return new AuditReport(
        subject,
        new AuditReport.Sampling(
            drawn.rows(),
            drawn.malformed(),
            drawn.population(),
            sample,
            drawn.records().size(),
            drawn.complete(),
            by,
            by.isPresent() ? drawn.strata() : Map.of()),
        inverted.records(),
        new ArrayList<>(detectors.types()),
        inverted.canaries(),
        TruthCheck.of(inverted.records(), truth, detectors),
        wholeStore.with(inverted.suspects()),
        drawn.complete() && inverted.complete());
  }

  /** Builds an {@link Audit}. */
  public static final class Builder {
    private final Inverter inverter;
    private int sample = DEFAULT_SAMPLE;
    private InversionOptions inversion = InversionOptions.defaults();
    private @Nullable Detectors detectors;
    private List<Canary> canaries = List.of();
    private List<String> knownTexts = List.of();
    private @Nullable Embedder embedder;
    private @Nullable Iterable<String> deletedIds;
    private @Nullable WordPredictor predictor;
    private int suspects;
    private Map<String, String> truth = Map.of();
    private @Nullable String by;
    private @Nullable Path resume;
    private String conditions = "";
    private AuditListener listener = (done, of) -> {};
    private String source = "vectors";
    private String search = "pool";
    private Map<String, String> versions = Map.of();
    private String version = "(development build)";
    private @Nullable Instant date;

    private Builder(Inverter inverter) {
      this.inverter = requireNonNull(inverter, "inverter");
    }

    /**
     * Records to invert at most; {@value Audit#DEFAULT_SAMPLE} by default. Of more records than the
     * store has, all are.
     *
     * @throws IllegalArgumentException if below 1
     */
    @CanIgnoreReturnValue
    public Builder sample(int records) {
      checkArgument(records > 0, "sample must be at least 1, was %s", records);
      sample = records;
      return this;
    }

    /**
     * Draws the sample from each group of records with the same value of a field: of each as many
     * as its share of the store, and a few at least. Shares are then reported by group, too. A
     * group is also that of the records without the field. By default the sample is a simple one.
     *
     * @param field its name; rows bring it along if the source was asked for it
     */
    @CanIgnoreReturnValue
    public Builder by(String field) {
      by = requireNonNull(field, "field");
      return this;
    }

    /** What a record may cost; the seed is also that of the sample. */
    @CanIgnoreReturnValue
    public Builder inversion(InversionOptions options) {
      inversion = requireNonNull(options, "options");
      return this;
    }

    /** What finds personal data; {@link Detectors#standard()} by default. */
    @CanIgnoreReturnValue
    public Builder detectors(Detectors detectors) {
      this.detectors = requireNonNull(detectors, "detectors");
      return this;
    }

    /**
     * Sentences that were planted in the store; they are no part of the sample.
     *
     * @param canaries the sentences, with ids of their own
     * @param embedder of the inverter's space, which finds them in the store; it stays the caller's
     *     to close
     */
    @CanIgnoreReturnValue
    public Builder canaries(List<Canary> canaries, Embedder embedder) {
      this.canaries = ImmutableList.copyOf(canaries);
      this.embedder = requireNonNull(embedder, "embedder");
      return this;
    }

    /**
     * Texts of which the audit tells whether they are in the store. Each is compared with each
     * record.
     *
     * @param texts some thousands at most
     * @param embedder of the inverter's space; it stays the caller's to close, and serves canaries,
     *     too
     */
    @CanIgnoreReturnValue
    public Builder knownTexts(List<String> texts, Embedder embedder) {
      knownTexts = ImmutableList.copyOf(texts);
      this.embedder = requireNonNull(embedder, "embedder");
      return this;
    }

    /**
     * Ids that the source system has deleted: records that still have one are findings.
     *
     * @param ids read once for each audit; eight bytes of each are kept meanwhile
     */
    @CanIgnoreReturnValue
    public Builder deletedIds(Iterable<String> ids) {
      deletedIds = requireNonNull(ids, "ids");
      return this;
    }

    /**
     * Predicts words and length of every record from its vector alone, and inverts those besides
     * the sample whose words make one suspect the most harmful data.
     *
     * @param predictor of the inverter's models; it stays the caller's to close
     * @param records to invert at most; 0 for none
     * @throws IllegalArgumentException if {@code records} is negative
     */
    @CanIgnoreReturnValue
    public Builder triage(WordPredictor predictor, int records) {
      checkArgument(records >= 0, "records must not be negative, was %s", records);
      this.predictor = requireNonNull(predictor, "predictor");
      suspects = records;
      return this;
    }

    /**
     * The texts that records really have, by the records' ids or, of records without one, by their
     * indices; unknown by default.
     */
    @CanIgnoreReturnValue
    public Builder truth(Map<String, String> texts) {
      truth = ImmutableMap.copyOf(texts);
      return this;
    }

    /**
     * Keeps finished inversions in a folder, and takes those that it holds: a run that was killed
     * goes on where it was. The folder then holds recovered texts, readable by its owner alone.
     *
     * @param conditions all that results depend on besides vectors and inversion options, such as
     *     model and version
     */
    @CanIgnoreReturnValue
    public Builder resume(Path folder, String conditions) {
      resume = requireNonNull(folder, "folder");
      this.conditions = requireNonNull(conditions, "conditions");
      return this;
    }

    /** Hears of progress; nobody by default. */
    @CanIgnoreReturnValue
    public Builder listener(AuditListener listener) {
      this.listener = requireNonNull(listener, "listener");
      return this;
    }

    /** What reports call the store; "vectors" by default. */
    @CanIgnoreReturnValue
    public Builder source(String name) {
      source = requireNonNull(name, "name");
      return this;
    }

    /** What reports say of the search that the inverter makes. */
    @CanIgnoreReturnValue
    public Builder search(String name) {
      search = requireNonNull(name, "name");
      return this;
    }

    /**
     * What reports say of versions.
     *
     * @param program of this program
     * @param models of models and runtime, by name
     */
    @CanIgnoreReturnValue
    public Builder versions(String program, Map<String, String> models) {
      version = requireNonNull(program, "program");
      versions = ImmutableMap.copyOf(models);
      return this;
    }

    /** The date of the report; now by default. */
    @CanIgnoreReturnValue
    public Builder date(Instant date) {
      this.date = requireNonNull(date, "date");
      return this;
    }

    /** The audit. */
    public Audit build() {
      return new Audit(this);
    }
  }
}
