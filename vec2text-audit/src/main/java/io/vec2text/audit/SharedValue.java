package io.vec2text.audit;

import com.google.common.collect.ImmutableList;
import io.vec2text.audit.detect.DataType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A value that came back word for word from several records. It does not hold the value, nor a hash
 * of it: a short number's is soon undone.
 *
 * @param type its kind
 * @param records the records, in the order of the sample; at least two
 */
public record SharedValue(DataType type, List<RecordId> records) {
  /** Copies. */
  public SharedValue {
    records = ImmutableList.copyOf(records);
  }

  /** The values that several of some findings share, that of most records first. */
  static List<SharedValue> among(List<Finding> findings) {
    record Value(DataType type, String normal) {}
    Map<Value, Set<RecordId>> records = new LinkedHashMap<>();
    for (Finding finding : findings) {
      if (finding.exactness() == Exactness.VERBATIM && !finding.type().equals(DataType.FULL_TEXT)) {
        Value value = new Value(finding.type(), RecoveredText.normal(finding.value()));
        records.computeIfAbsent(value, v -> new LinkedHashSet<>()).add(finding.record());
      }
    }
    List<SharedValue> shared = new ArrayList<>();
    records.forEach(
        (value, holders) -> {
          if (holders.size() > 1) {
            shared.add(new SharedValue(value.type, List.copyOf(holders)));
          }
        });
    shared.sort(Comparator.comparing((SharedValue s) -> s.records.size()).reversed());
    return shared;
  }
}
