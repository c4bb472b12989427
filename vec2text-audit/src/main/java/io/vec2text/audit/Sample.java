package io.vec2text.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.vec2text.Cancellation;
import io.vec2text.Vectors;
import io.vec2text.sources.Row;
import io.vec2text.sources.VectorReader;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A random sample of the records of a store, simple or stratified, drawn in one pass over all of
 * them.
 *
 * <p>A record's rank is the hash of a seed and of its id or, without one, of its vector; the sample
 * is the records of lowest rank (sampling with a permanent random number: Ohlsson 1995). So a
 * record stays in the sample when others come, go or change places, and two audits of a store that
 * grew compare the same records. Any first part of the sample, in the order of ranks, is a simple
 * random sample of each stratum, too.
 *
 * @param records in the order of their ranks
 * @param strata the records that inferences are about, by stratum; one of no name if there are none
 * @param canaries the record that is closest to each canary that has one, by the canary's id
 * @param rows rows read
 * @param malformed rows that held no vector
 * @param complete whether the pass came to the end of the source
 */
record Sample(
    ImmutableList<Drawn> records,
    ImmutableSortedMap<String, Long> strata,
    Map<String, Planted> canaries,
    long rows,
    long malformed,
    boolean complete) {
  private static final int CHECKED = 256;

  /** From this cosine on a record is taken for a canary: noise of stores leaves more. */
  private static final double CANARY_COSINE = 0.95;

  /** A record of the sample, and the stratum that it was drawn from. */
  @SuppressWarnings("ArrayRecordComponent") // a vector is an array; never compared
  record Drawn(RecordId id, String key, long rank, float[] vector, String stratum) {}

  /** A record that holds a canary. */
  record Planted(Drawn drawn, double cosine, boolean byId) {
    boolean isBetter(Planted other) {
      return byId == other.byId ? cosine > other.cosine : byId;
    }
  }

  /** The vectors of the texts that were planted. */
  @SuppressWarnings("ArrayRecordComponent")
  record Sought(String id, float[] vector) {}

  /** The records that inferences are about: all that hold a vector, but for the canaries. */
  long population() {
    return rows - malformed - canaries.size();
  }

  /**
   * Draws a sample.
   *
   * @param size records to draw at most
   * @param sought canaries, which are kept apart from the sample
   * @param observers shown every record
   * @param by the field whose values are the strata, if there are to be some
   * @throws AuditException if there are too many strata, or no record has the field
   */
  static Sample draw(
      VectorReader reader,
      int size,
      long seed,
      List<Sought> sought,
      List<RecordObserver> observers,
      Optional<String> by,
      Cancellation cancellation)
      throws IOException {
    // One more for each canary: those that were taken for the sample are left out of it.
    int kept = size + sought.size();
    Strata strata = new Strata(by, kept);
    Map<String, Planted> planted = new HashMap<>();
    long rows = 0;
    long malformed = 0;
    @Nullable Row row = null;
    boolean stopped = false;
    while (!stopped && (row = reader.next()) != null) {
      if (row instanceof Row.Vector vector) {
        Drawn drawn = drawn(rows, vector, seed, Strata.of(vector, by));
        observers.forEach(o -> o.see(drawn.id, drawn.vector));
        plant(planted, sought, drawn);
        strata.add(drawn);
      } else {
        RecordId id = RecordId.of(rows, row.place());
        observers.forEach(o -> o.see(id, null));
        malformed++;
      }
      rows++;
      stopped = rows % CHECKED == 0 && cancellation.requested();
    }
    strata.check();
    planted.values().forEach(p -> strata.leaveOut(p.drawn));
    return new Sample(strata.sample(size), strata.sizes(), planted, rows, malformed, row == null);
  }

  /** A record that is inverted besides the sample. */
  static Drawn apart(RecordId id, float[] vector) {
    return new Drawn(id, key(id, vector), 0, vector, "");
  }

  private static String key(RecordId id, float[] vector) {
    return id.id().map(name -> "id:" + name).orElseGet(() -> "vector:" + hash(vector));
  }

  private static Drawn drawn(long index, Row.Vector row, long seed, String stratum) {
    RecordId id = RecordId.of(index, row.place());
    String key = key(id, row.values());
    long rank = Hashing.sha256().newHasher().putLong(seed).putString(key, UTF_8).hash().asLong();
    return new Drawn(id, key, rank, row.values(), stratum);
  }

  private static String hash(float[] vector) {
    Hasher hasher = Hashing.sha256().newHasher();
    for (float x : vector) {
      hasher.putFloat(x);
    }
    return hasher.hash().toString();
  }

  /** Gives a record to the canary that it holds: the one of its id, or else the closest. */
  private static void plant(Map<String, Planted> planted, List<Sought> sought, Drawn drawn) {
    @Nullable String closest = null;
    @Nullable Planted best = null;
    for (Sought canary : sought) {
      boolean byId = drawn.id.id().filter(canary.id::equals).isPresent();
      Planted here = new Planted(drawn, cosine(canary.vector, drawn.vector), byId);
      if ((byId || here.cosine >= CANARY_COSINE) && (best == null || here.isBetter(best))) {
        closest = canary.id;
        best = here;
      }
    }
    if (closest != null && best != null) {
      planted.merge(closest, best, (old, other) -> other.isBetter(old) ? other : old);
    }
  }

  /** Of a vector that was truncated, that of the components that are left. */
  private static double cosine(float[] canary, float[] stored) {
    if (stored.length > canary.length || stored.length == 0) {
      return 0;
    }
    float[] left = stored.length == canary.length ? canary : Arrays.copyOf(canary, stored.length);
    return Vectors.cosine(left, stored);
  }

  /** Refuses the sample of a store that was read to its end and holds no vector. */
  void requireVectors(AuditReport.Subject subject) {
    if (complete && rows == malformed) {
      throw new AuditException(
          String.format(
              "%s: holds no vector among its %d rows, expected vectors of %s",
              subject.source(), rows, subject.space()));
    }
  }
}
