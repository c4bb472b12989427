package io.vec2text.audit;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import io.vec2text.audit.detect.DataType;
import io.vec2text.eval.Rate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What words and lengths tell that were predicted of every record from its vector alone, and what
 * came back from the most suspected ones. These are no random sample: nothing follows from them for
 * the store, and no share counts them.
 *
 * @param predicted records whose words were predicted
 * @param skipped records of another dimension, or of zeros, of which nothing was predicted
 * @param lengths records by predicted length: at most so many tokens, and more than the key before
 * @param tooLong records whose text is probably longer than the models can write
 * @param suspected records in which some kind is suspected
 * @param kinds the same by kind; a record may count several times
 * @param suspects the most suspected ones, that first
 * @param inverted those of them that are not in the sample and were inverted, in their order
 * @param quality how good the suspicion is, where true texts were given
 */
public record Triage(
    long predicted,
    long skipped,
    SortedMap<Integer, Long> lengths,
    long tooLong,
    long suspected,
    Map<DataType, Long> kinds,
    List<Suspect> suspects,
    List<AuditedRecord> inverted,
    Optional<Quality> quality) {
  /** From here on a kind counts as suspected. */
  public static final double SUSPECTED = 0.5;

  /** Copies. */
  public Triage {
    lengths = ImmutableSortedMap.copyOf(lengths);
    kinds = ImmutableMap.copyOf(kinds);
    suspects = ImmutableList.copyOf(suspects);
    inverted = ImmutableList.copyOf(inverted);
  }

  /**
   * A record that is suspected.
   *
   * @param type the kind that is suspected most, times its harm
   * @param suspicion how much, from {@link #SUSPECTED} to 1; no probability
   */
  public record Suspect(RecordId record, DataType type, double suspicion) {}

  /**
   * The suspicion beside what the detectors find in the true texts.
   *
   * @param base of the records whose text is known, those that hold some kind of personal data
   * @param precision of the suspected ones, those that hold some
   * @param recall of those that hold some, the suspected ones
   */
  public record Quality(Rate base, Rate precision, Rate recall) {}

  /** The same with what came back. */
  Triage with(List<AuditedRecord> records) {
    return new Triage(
        predicted, skipped, lengths, tooLong, suspected, kinds, suspects, records, quality);
  }

  /** The findings in what came back. */
  public List<Finding> findings() {
    return inverted.stream().flatMap(record -> record.findings().stream()).toList();
  }

  /** Those inverted from which personal data or a secret came back word for word. */
  public long leaking() {
    return inverted.stream().filter(AuditedRecord::leaks).count();
  }
}
