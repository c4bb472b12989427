package io.vec2text.bench;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vec2text.InversionResult;
import io.vec2text.Outcome;
import java.util.List;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What inversions did in a second, besides the rate of whole calls that JMH reports itself. */
@AuxCounters(AuxCounters.Type.OPERATIONS)
@State(Scope.Thread)
public class Spent {
  /** Vectors inverted. */
  public long vectors;

  /** Texts embedded. */
  public long embeddings;

  /** Texts that the corrector wrote. */
  public long decodes;

  /** Counts outcomes; throws the error of one that failed. */
  @CanIgnoreReturnValue
  List<Outcome> count(List<Outcome> outcomes) {
    for (Outcome outcome : outcomes) {
      InversionResult.Cost cost = outcome.orThrow().cost();
      vectors++;
      embeddings += cost.embedderCalls();
      decodes += cost.decodes();
    }
    return outcomes;
  }
}
