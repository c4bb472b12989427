package io.vec2text.search;

import com.google.common.collect.ImmutableList;
import io.vec2text.Vectors;
import java.util.BitSet;
import java.util.List;

/** What changes of a hypothesis did to its vector: learned by paying for the changed text. */
final class Effect {
  private final ImmutableList<Change> changes;
  private final BitSet touched = new BitSet();
  private final float[] delta;

  Effect(List<Change> changes, Paid parent, Paid changed) {
    this.changes = ImmutableList.copyOf(changes);
    for (Change c : changes) {
      touched.or(c.touched());
    }
    delta = Vectors.subtract(changed.vector(), parent.vector());
  }

  /** The changes, made together. */
  ImmutableList<Change> changes() {
    return changes;
  }

  /** The places that they touch; see {@link Change#touched()}. */
  BitSet touched() {
    return touched;
  }

  /** The changed hypothesis's vector less the hypothesis's. */
  float[] delta() {
    return delta;
  }
}
