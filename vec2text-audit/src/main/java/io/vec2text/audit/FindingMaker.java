package io.vec2text.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import io.vec2text.InversionResult;
import io.vec2text.Verdict;
import io.vec2text.audit.detect.DataType;
import io.vec2text.audit.detect.Detection;
import io.vec2text.audit.detect.Detectors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes findings of what came back.
 *
 * <p>With p the probability that the words of a value are the original's, a value that passes its
 * kind's check is right with probability {@code p / (p + (1 - p) c)}, c being the share of wrong
 * values that pass (Bayes). A value is verbatim if that exceeds one half.
 */
record FindingMaker(Detectors detectors) {
  private static final double LIKELY = 0.5;
  private static final int KEY_LENGTH = 16;

  /** The findings in a result, in the order of the text, that of the whole text last. */
  List<Finding> findings(RecordId record, String recordKey, InversionResult result) {
    List<Finding> findings = new ArrayList<>();
    if (result.verdict() == Verdict.FAILED) {
      return findings;
    }
    RecoveredText text = RecoveredText.of(result);
    Map<DataType, Integer> counts = new HashMap<>();
    for (Detection d : detectors.detect(text.text())) {
      double p = text.probability(d.start(), d.end());
      double right = p / (p + (1 - p) * d.type().chance());
      boolean verbatim = right > LIKELY && result.verdict() != Verdict.TOPICAL;
      Exactness exactness = verbatim ? Exactness.VERBATIM : Exactness.SEMANTIC;
      double confidence = verbatim ? right * d.confidence() : d.confidence() * presence(result);
      int number = counts.merge(d.type(), 1, Integer::sum);
      findings.add(
          finding(
              record,
              recordKey + "#" + number,
              d.type(),
              exactness,
              confidence,
              text.text().substring(d.start(), d.end())));
    }
    if (result.verdict() == Verdict.EXACT && !result.text().isEmpty()) {
      findings.add(
          finding(record, recordKey, DataType.FULL_TEXT, Exactness.VERBATIM, 1, result.text()));
    }
    return findings;
  }

  /** How probably a text is about what a text that was found is about. */
  private static double presence(InversionResult result) {
    return result.verdict() == Verdict.TOPICAL ? Math.max(0, result.cosine()) / 2 : 1;
  }

  /** A finding at a place of the store, whose key does not depend on the value. */
  static Finding finding(
      RecordId record,
      String place,
      DataType type,
      Exactness exactness,
      double confidence,
      String value) {
    // Without the value: a hash of a short number is soon undone.
    String key =
        Hashing.sha256()
            .hashString(type.id() + "\n" + place, UTF_8)
            .toString()
            .substring(0, KEY_LENGTH);
    Severity severity = Severity.of(type.harm() * exactness.weight() * confidence);
    return new Finding(key, record, type, severity, exactness, confidence, value);
  }
}
