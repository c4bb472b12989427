package io.vec2text.audit;

import com.google.common.collect.ImmutableMap;
import io.vec2text.InversionResult;
import io.vec2text.Verdict;
import io.vec2text.audit.detect.DataType;
import io.vec2text.audit.detect.Detection;
import io.vec2text.audit.detect.Detectors;
import io.vec2text.eval.Rate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What came back beside the texts that the records really have.
 *
 * @param exact records whose text came back word for word, up to case, accents and spacing
 * @param recall by kind: of the values that the detectors find in the true texts, those that came
 *     back word for word
 * @param presence by kind: of the same values, those whose record has a finding of the kind
 * @param precision by kind: of the findings that claim to be verbatim, those whose value is in the
 *     true text
 * @param falselyExact records with the verdict {@code exact} whose text is another
 */
public record TruthCheck(
    Rate exact,
    Map<DataType, Rate> recall,
    Map<DataType, Rate> presence,
    Map<DataType, Rate> precision,
    int falselyExact) {
  /** Copies. */
  public TruthCheck {
    recall = ImmutableMap.copyOf(recall);
    presence = ImmutableMap.copyOf(presence);
    precision = ImmutableMap.copyOf(precision);
  }

  /**
   * Compares records with the texts of those whose text is known; empty if of none it is.
   *
   * @param truth the texts by the records' ids or, of records without one, by their indices
   */
  static Optional<TruthCheck> of(
      List<AuditedRecord> records, Map<String, String> truth, Detectors detectors) {
    Counter exact = new Counter();
    Map<DataType, Counter> recall = new LinkedHashMap<>();
    Map<DataType, Counter> presence = new LinkedHashMap<>();
    Map<DataType, Counter> precision = new LinkedHashMap<>();
    int falselyExact = 0;
    for (AuditedRecord audited : records) {
      RecordId id = audited.record();
      String text = truth.get(id.id().orElse(String.valueOf(id.index())));
      if (text == null || audited.result().isEmpty()) {
        continue;
      }
      InversionResult result = audited.result().get();
      String expected = RecoveredText.normal(text);
      String found = RecoveredText.normal(result.text());
      exact.add(expected.equals(found));
      falselyExact += result.verdict() == Verdict.EXACT && !expected.equals(found) ? 1 : 0;
      for (Detection d : detectors.detect(text)) {
        String value = RecoveredText.normal(text.substring(d.start(), d.end()));
        recall.computeIfAbsent(d.type(), t -> new Counter()).add(RecoveredText.holds(found, value));
        presence
            .computeIfAbsent(d.type(), t -> new Counter())
            .add(audited.findings().stream().anyMatch(f -> f.type().equals(d.type())));
      }
      for (Finding f : audited.findings()) {
        if (f.exactness() == Exactness.VERBATIM) {
          precision
              .computeIfAbsent(f.type(), t -> new Counter())
              .add(RecoveredText.holds(expected, RecoveredText.normal(f.value())));
        }
      }
    }
    return exact.of == 0
        ? Optional.empty()
        : Optional.of(
            new TruthCheck(
                exact.rate(), rates(recall), rates(presence), rates(precision), falselyExact));
  }

  private static Map<DataType, Rate> rates(Map<DataType, Counter> counters) {
    Map<DataType, Rate> rates = new LinkedHashMap<>();
    counters.forEach((type, counter) -> rates.put(type, counter.rate()));
    return rates;
  }

  private static final class Counter {
    private int count;
    private int of;

    void add(boolean holds) {
      count += holds ? 1 : 0;
      of++;
    }

    Rate rate() {
      return new Rate(count, of);
    }
  }
}
