package io.vec2text.eval.internal.defence;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.vec2text.eval.Evaluation;
import io.vec2text.eval.Rate;
import java.util.List;

/**
 * What an attacker reads from stored vectors of sentences.
 *
 * @param pairs known pairs that the attack was fitted to; 0 for the naive attacker, who takes the
 *     vectors as they are
 * @param restoredCosine mean cosine of what the attacker inverts with the original vector
 * @param rows figures by bucket and, in the last row, of all together; cosines are those of the
 *     recovered text's vector with the original one
 */
public record Leakage(int pairs, double restoredCosine, List<Evaluation.Row> rows) {
  /** Checks and copies. */
  public Leakage {
    rows = ImmutableList.copyOf(rows);
    checkArgument(!rows.isEmpty(), "a leak needs at least 1 row of figures");
  }

  /** The figures of all sentences together. */
  public Evaluation.Row all() {
    return rows.get(rows.size() - 1);
  }

  /**
   * Whether as much is read as without a defence: in each bucket, exact match and token F1 are no
   * lower than the 95 % interval of the undefended leak. Of few sentences the intervals are wide,
   * and soon reached.
   *
   * @param undefended the leak of the same sentences
   */
  public boolean reaches(Leakage undefended) {
    for (int i = 0; i < rows.size(); i++) {
      Evaluation.Row expected = undefended.rows.get(i);
      boolean exact = value(rows.get(i).exact()) >= low(expected.exact());
      boolean f1 = rows.get(i).tokenF1().mean() >= expected.tokenF1().interval().low();
      if (!exact || !f1) {
        return false;
      }
    }
    return true;
  }

  private static double value(Rate rate) {
    return rate.value().orElseThrow();
  }

  private static double low(Rate rate) {
    return rate.interval().orElseThrow().low();
  }
}
