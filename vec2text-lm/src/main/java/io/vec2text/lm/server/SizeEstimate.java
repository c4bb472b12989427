package io.vec2text.lm.server;

import io.vec2text.lm.HiddenSize;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What distributions tell of the size of a model's states.
 *
 * @param distributions of how many prompts; 0 if none were asked for
 * @param found the size, if it stands out
 * @param needed how many calls would be enough; 0 if that is not known
 */
public record SizeEstimate(int distributions, Optional<HiddenSize> found, long needed) {

  /** The size, if it stands out. */
  public OptionalInt size() {
    return found.isPresent() ? OptionalInt.of(found.get().size()) : OptionalInt.empty();
  }

  String text() {
    if (found.isPresent()) {
      return String.format(
          Locale.ROOT,
          "hidden size: %d, told by the distributions after %d prompts (the singular values fall"
              + " there to a %.0fth)",
          found.get().size(),
          distributions,
          found.get().ratio());
    }
    if (distributions > 0) {
      return "hidden size: the distributions after "
          + distributions
          + " prompts do not tell it; probably above "
          + (distributions - 2);
    }
    return needed > 0
        ? String.format(
            Locale.ROOT,
            "hidden size: not measured by distributions, which takes about %,d calls",
            needed)
        : "hidden size: not measured by distributions";
  }
}
