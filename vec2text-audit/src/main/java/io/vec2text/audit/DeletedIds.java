package io.vec2text.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import io.vec2text.audit.detect.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds records whose ids the source system has deleted. An id takes eight bytes: of n ids and m
 * records, {@code n m / 2^64} records are taken for deleted ones by mistake.
 */
final class DeletedIds implements RecordObserver {
  static final int MAX_FINDINGS = 10_000;

  private final long[] hashes;
  private final List<Finding> findings = new ArrayList<>();
  private long stillStored;
  private boolean named;
  private boolean unnamed;

  DeletedIds(Iterable<String> ids) {
    long[] hashed = new long[1024];
    int size = 0;
    for (String id : ids) {
      hashed = size == hashed.length ? Arrays.copyOf(hashed, 2 * size) : hashed;
      hashed[size++] = hash(id);
    }
    hashes = Arrays.stream(hashed, 0, size).sorted().distinct().toArray();
  }

  private static long hash(String id) {
    return Hashing.sha256().hashString(id, UTF_8).asLong();
  }

  @Override
  public void see(RecordId record, float @Nullable [] vector) {
    if (record.id().isEmpty()) {
      unnamed = true;
      return;
    }
    named = true;
    String id = record.id().get();
    if (Arrays.binarySearch(hashes, hash(id)) >= 0) {
      stillStored++;
      if (findings.size() < MAX_FINDINGS) {
        findings.add(
            FindingMaker.finding(
                record, "id:" + id, DataType.DELETED_RECORD, Exactness.VERBATIM, 1, ""));
      }
    }
  }

  /**
   * What was found.
   *
   * @throws AuditException if the store has records, and none has an id
   */
  Reconciliation found(String source) {
    if (unnamed && !named) {
      throw new AuditException(
          source + ": its records have no ids, expected some to compare with those deleted");
    }
    findings.sort(Comparator.comparing(finding -> finding.record().name()));
    return new Reconciliation(hashes.length, stillStored, findings);
  }
}
