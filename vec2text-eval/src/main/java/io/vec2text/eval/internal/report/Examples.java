package io.vec2text.eval.internal.report;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * Texts beside what was recovered of them. Its {@link #toString()} holds no text.
 *
 * @param examples the pairs
 */
public record Examples(List<Example> examples) implements Block {
  /** The heading over them. */
  static final String HEADING = "Examples";

  /** Copies. */
  public Examples {
    examples = ImmutableList.copyOf(examples);
  }

  /**
   * A text and what was recovered of it.
   *
   * @param bucket group of the text
   * @param target the text
   * @param recovered what an inverter made of its vector
   * @param outcome verdict, cosine and cost in one line
   */
  public record Example(String bucket, String target, String recovered, String outcome) {
    @Override
    public String toString() {
      return "Example[" + bucket + ", " + outcome + "]";
    }
  }

  /** How many there are. */
  @Override
  public String toString() {
    return "Examples[" + examples.size() + "]";
  }
}
