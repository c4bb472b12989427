package io.vec2text.eval.internal.defence;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import io.vec2text.eval.Evaluation;
import io.vec2text.eval.Provenance;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * What defences cost a search and keep from an attacker. Made by {@link DefenceLab}, shown by
 * {@link DefenceReports}. Holds no text.
 *
 * @param provenance what made it; the data are the sentences that were inverted
 * @param documents documents that were searched
 * @param queries queries they were searched for
 * @param pairs pairs that an attacker knows at most
 * @param training what the trained attacker learns from, if there is one
 * @param floor figures of answering with a random other sentence, which no defence can beat
 * @param rows the undefended store first, then each defence
 * @param complete whether all was measured; false if it was cancelled
 */
public record DefenceEvaluation(
    Provenance provenance,
    int documents,
    int queries,
    int pairs,
    Optional<String> training,
    List<Evaluation.Row> floor,
    List<Row> rows,
    boolean complete) {

  /** Checks and copies. */
  public DefenceEvaluation {
    requireNonNull(provenance, "provenance");
    floor = ImmutableList.copyOf(floor);
    rows = ImmutableList.copyOf(rows);
  }

  /**
   * What one defence does.
   *
   * @param defence its name; {@code none} for the undefended store
   * @param secret whether it rests on a key that the attacker does not know; without one, attackers
   *     make as many pairs as they like
   * @param expectedCosine the cosine of stored with original vectors that its formula gives
   * @param retrieval how well a search still finds documents
   * @param leaks what attackers read, by the pairs they know; the first is the naive one's
   * @param trained what the attacker reads who trained on pairs of its own; empty where nobody did,
   *     because none was asked for, or the defence has a secret or is none against the naive one
   * @param pairsToBreak the least pairs, of 0, 1, 2, 4 and so on, with which one of the leaks
   *     {@linkplain Leakage#reaches reaches} the undefended one; empty if not even the most do
   */
  public record Row(
      String defence,
      boolean secret,
      OptionalDouble expectedCosine,
      RetrievalQuality retrieval,
      List<Leakage> leaks,
      Optional<Leakage> trained,
      Optional<Integer> pairsToBreak) {

    /** Copies. */
    public Row {
      leaks = ImmutableList.copyOf(leaks);
    }

    /** What the naive attacker reads. */
    public Leakage naive() {
      return leaks.get(0);
    }

    /** What the attacker reads who knows the defence and the most pairs. */
    public Leakage informed() {
      return leaks.get(leaks.size() - 1);
    }
  }

  /** How many inversions failed with an error; each counts as an empty text. */
  public int errors() {
    return rows.stream()
        .flatMap(row -> Stream.concat(row.leaks().stream(), row.trained().stream()))
        .mapToInt(leak -> leak.all().errors())
        .sum();
  }
}
