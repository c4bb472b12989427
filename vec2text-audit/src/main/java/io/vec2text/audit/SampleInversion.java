package io.vec2text.audit;

import com.google.common.collect.Lists;
import com.google.common.primitives.Floats;
import io.vec2text.Evidence;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import io.vec2text.StopReason;
import io.vec2text.audit.Sample.Drawn;
import io.vec2text.audit.detect.Detectors;
import io.vec2text.eval.Overlap;
import io.vec2text.eval.internal.setup.RememberingInverter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Inverts the canaries and the sample, and makes findings of what comes back. */
final class SampleInversion implements AutoCloseable {
  /** Vectors in one call of the inverter. */
  private static final int BATCH = 64;

  /** Of the vectors looked at first, the share from which on they are another model's. */
  private static final double MAJORITY = 0.5;

  private final RememberingInverter inverter;
  private final InversionOptions options;
  private final FindingMaker findings;
  private final AuditListener listener;
  private final String source;
  private final Map<List<Float>, Outcome> known = new HashMap<>();
  private int done;
  private int all;

  /** What came back. */
  record Inverted(
      List<AuditedRecord> records,
      List<Canary.Returned> canaries,
      List<AuditedRecord> suspects,
      boolean complete) {}

  private SampleInversion(
      RememberingInverter inverter,
      InversionOptions options,
      FindingMaker findings,
      AuditListener listener,
      String source) {
    this.inverter = inverter;
    this.options = options;
    this.findings = findings;
    this.listener = listener;
    this.source = source;
  }

  static SampleInversion open(
      Inverter inverter,
      InversionOptions options,
      Detectors detectors,
      Optional<Path> resume,
      String conditions,
      AuditListener listener,
      String source)
      throws IOException {
    String all =
        String.join(
            "\n",
            conditions,
            inverter.space().toString(),
            "maxEmbeddings=" + options.maxEmbeddings(),
            "timeLimit=" + options.timeLimit(),
            "noise=" + options.noise(),
            "truncated=" + options.truncated(),
            "searchAnyway=" + options.searchAnyway(),
            "seed=" + options.seed());
    return new SampleInversion(
        RememberingInverter.open(inverter, resume, "audit", all),
        options,
        new FindingMaker(detectors),
        listener,
        source);
  }

  /**
   * Inverts.
   *
   * @param suspects records to invert last, besides the sample
   */
  Inverted invert(Sample sample, List<Canary> canaries, List<Drawn> suspects) {
    List<Drawn> planted = sample.canaries().values().stream().map(p -> p.drawn()).toList();
    all = planted.size() + sample.records().size() + suspects.size();
    List<Outcome> returned = invert(planted, false);
    Map<String, Outcome> byCanary = new LinkedHashMap<>();
    int i = 0;
    for (String id : sample.canaries().keySet()) {
      if (i < returned.size()) {
        byCanary.put(id, returned.get(i++));
      }
    }
    List<AuditedRecord> records = audited(sample.records(), true);
    List<AuditedRecord> suspected = audited(suspects, false);
    return new Inverted(
        records,
        canaries.stream().map(c -> returned(c, canaries, sample, byCanary)).toList(),
        suspected,
        records.size() == sample.records().size()
            && returned.size() == planted.size()
            && suspected.size() == suspects.size());
  }

  private List<AuditedRecord> audited(List<Drawn> all, boolean refuseForeign) {
    List<Outcome> outcomes = invert(all, refuseForeign);
    List<AuditedRecord> records = new ArrayList<>();
    for (int r = 0; r < outcomes.size(); r++) {
      Drawn drawn = all.get(r);
      Optional<InversionResult> result = outcomes.get(r).result();
      records.add(
          new AuditedRecord(
              drawn.id(),
              result,
              result
                  .map(found -> findings.findings(drawn.id(), drawn.key(), found))
                  .orElse(List.of()),
              drawn.stratum()));
    }
    return records;
  }

  /** The outcomes of the first records, of all unless cancelled. */
  private List<Outcome> invert(List<Drawn> records, boolean refuseForeign) {
    List<Outcome> outcomes = new ArrayList<>();
    for (List<Drawn> batch : Lists.partition(records, BATCH)) {
      if (options.cancellation().requested()) {
        break;
      }
      invertNew(batch);
      for (Drawn drawn : batch) {
        Outcome outcome = known.get(Floats.asList(drawn.vector()));
        if (outcome == null || isCancelled(outcome)) {
          // Those behind it might be there because they are easy.
          return outcomes;
        }
        outcomes.add(outcome);
      }
      if (refuseForeign && !options.searchAnyway()) {
        refuseForeign(outcomes);
      }
    }
    return outcomes;
  }

  private void invertNew(List<Drawn> batch) {
    Map<List<Float>, float[]> vectors = new LinkedHashMap<>();
    for (Drawn drawn : batch) {
      List<Float> key = Floats.asList(drawn.vector());
      if (!known.containsKey(key)) {
        vectors.putIfAbsent(key, drawn.vector());
      }
    }
    done += batch.size() - vectors.size();
    listener.progress(done, all);
    if (vectors.isEmpty()) {
      return;
    }
    List<Outcome> outcomes =
        inverter.invertAll(
            new ArrayList<>(vectors.values()),
            options.toBuilder()
                .listener(
                    (index, outcome) -> {
                      options.listener().finished(index, outcome);
                      if (!isCancelled(outcome)) {
                        listener.progress(++done, all);
                      }
                    })
                .build());
    int i = 0;
    for (List<Float> key : vectors.keySet()) {
      known.put(key, outcomes.get(i++));
    }
  }

  private static boolean isCancelled(Outcome outcome) {
    return outcome.result().filter(r -> r.stop() == StopReason.CANCELLED).isPresent();
  }

  private void refuseForeign(List<Outcome> outcomes) {
    long foreign =
        outcomes.stream()
            .flatMap(o -> o.result().stream())
            .filter(r -> r.shows(Evidence.Kind.OTHER_MODEL))
            .count();
    long unfit = outcomes.stream().filter(o -> o.error().isPresent()).count();
    if (unfit == outcomes.size()) {
      throw new AuditException(
          "%s: none of %d vectors of the sample can be inverted: %s"
              .formatted(source, unfit, outcomes.get(0).error().orElseThrow().getMessage()));
    }
    if (foreign > MAJORITY * outcomes.size()) {
      throw AuditException.ofForeignVectors(
          ("%s: %d of %d vectors of the sample were made by another model than %s, or are no"
                  + " embeddings; an audit with this model would report leaks too low")
              .formatted(source, foreign, outcomes.size(), inverter.space()));
    }
  }

  private static Canary.Returned returned(
      Canary canary, List<Canary> canaries, Sample sample, Map<String, Outcome> outcomes) {
    Sample.Planted planted = sample.canaries().get(canary.id());
    if (planted == null) {
      Canary.State state = sample.complete() ? Canary.State.NOT_IN_STORE : Canary.State.NOT_TESTED;
      return new Canary.Returned(canary, state, 0, 0, 0, Optional.empty());
    }
    RecordId record = planted.drawn().id();
    Optional<InversionResult> result =
        Optional.ofNullable(outcomes.get(canary.id())).flatMap(Outcome::result);
    if (result.isEmpty()) {
      return new Canary.Returned(canary, Canary.State.NOT_TESTED, 0, 0, 0, Optional.of(record));
    }
    String expected = RecoveredText.normal(canary.text());
    String found = RecoveredText.normal(result.get().text());
    return new Canary.Returned(
        canary,
        expected.equals(found) ? Canary.State.EXACT : Canary.State.PARTIAL,
        recall(found, expected),
        floor(canary, canaries, expected, outcomes),
        result.get().cost().embedderCalls(),
        Optional.of(record));
  }

  private static double recall(String found, String expected) {
    return found.isEmpty() ? 0 : Overlap.ofWords(found, expected).recall();
  }

  /** The words of a canary that came back from another one's record. */
  private static double floor(
      Canary canary, List<Canary> canaries, String expected, Map<String, Outcome> outcomes) {
    int at = canaries.indexOf(canary);
    for (int step = 1; step < canaries.size(); step++) {
      Outcome other = outcomes.get(canaries.get((at + step) % canaries.size()).id());
      if (other != null && other.result().isPresent()) {
        return recall(RecoveredText.normal(other.result().get().text()), expected);
      }
    }
    return 0;
  }

  @Override
  public void close() {
    inverter.close();
  }
}
