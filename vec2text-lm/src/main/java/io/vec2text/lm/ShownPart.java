package io.vec2text.lm;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.base.Splitter;
import com.google.common.primitives.Doubles;
import com.google.common.primitives.Ints;
import java.util.Optional;

/**
 * What a server shows of its model's distributions: a defence, or an interface's limit.
 *
 * @param temperature at which the model answers, above 0
 * @param top how many of the most probable tokens are shown, at least 2; empty for all
 * @param decimals to which log-probabilities are rounded, 0 to 12; empty for no rounding
 */
public record ShownPart(double temperature, Optional<Integer> top, Optional<Integer> decimals) {
  /** What {@link #parse} reads. */
  public static final String FORMS =
      "top:TOKENS, decimals:N and temperature:T, with commas between";

  /** All of it. */
  public static final ShownPart ALL = new ShownPart(1, Optional.empty(), Optional.empty());

  private static final int MAX_DECIMALS = 12;

  /** Checks the ranges. */
  public ShownPart {
    checkArgument(
        temperature > 0 && Double.isFinite(temperature),
        "temperature must be above 0, was %s",
        temperature);
    checkArgument(top.orElse(2) > 1, "top must be at least 2, was %s", top.orElse(0));
    int n = decimals.orElse(0);
    checkArgument(n >= 0 && n <= MAX_DECIMALS, "decimals must be from 0 to 12, were %s", n);
  }

  /**
   * Reads one, for example {@code top:20,decimals:2}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static ShownPart parse(String text) {
    ShownPart shown = ALL;
    for (String part : Splitter.on(',').trimResults().split(text)) {
      int colon = part.indexOf(':');
      String name = colon < 0 ? part : part.substring(0, colon);
      String value = part.substring(colon + 1);
      Integer whole = Ints.tryParse(value);
      Double number = Doubles.tryParse(value);
      if (name.equals("top") && whole != null) {
        shown = new ShownPart(shown.temperature, Optional.of(whole), shown.decimals);
      } else if (name.equals("decimals") && whole != null) {
        shown = new ShownPart(shown.temperature, shown.top, Optional.of(whole));
      } else if (name.equals("temperature") && number != null) {
        shown = new ShownPart(number, shown.top, shown.decimals);
      } else {
        throw new IllegalArgumentException("expected " + FORMS + ", found \"" + text + "\"");
      }
    }
    return shown;
  }

  /** What is shown of a whole distribution. */
  public NextTokenDistribution of(NextTokenDistribution whole) {
    NextTokenDistribution shown = temperature == 1 ? whole : whole.atTemperature(temperature);
    shown = top.map(shown::top).orElse(shown);
    return decimals.map(shown::rounded).orElse(shown);
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    top.ifPresent(k -> text.append(",top:").append(k));
    decimals.ifPresent(n -> text.append(",decimals:").append(n));
    if (temperature != 1 || text.isEmpty()) {
      text.append(",temperature:").append(temperature);
    }
    return text.substring(1);
  }
}
