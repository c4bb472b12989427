package io.vec2text.eval.internal.experiments;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

/**
 * A system that asks the model behind the vectors about the hidden text itself, and is given no
 * vector: of a language model, requests to repeat its prompt.
 *
 * @param name what to call it
 * @param ways how many ways of asking there are, at least 1
 * @param asking what asks
 * @param remark what to know of it; may be empty
 */
public record AskedSystem(String name, int ways, Asking asking, String remark) {
  /** Checks. */
  public AskedSystem {
    requireNonNull(name, "name");
    requireNonNull(asking, "asking");
    requireNonNull(remark, "remark");
    checkArgument(ways > 0, "ways must be at least 1, were %s", ways);
  }

  /** What asks. */
  @FunctionalInterface
  public interface Asking {
    /**
     * The answer.
     *
     * @param text the hidden text
     * @param way which way of asking, from 0
     */
    String answer(String text, int way);
  }
}
