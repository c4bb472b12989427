package io.vec2text.lm.server;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What a server's interface shows of the next token's distribution.
 *
 * @param vocabulary tokens in all
 * @param topTokens how many of the most probable tokens it shows at most; 0 for none
 * @param idsPerCall how many chosen tokens it shows of a call; 0 if it takes no ids
 * @param bias what a logit bias does
 * @param methods the ways to the whole distribution, fewest calls first
 * @param seconds how long a call of a method took
 * @param decimals the decimals to which log-probabilities are rounded; empty if they are not
 * @param difference the largest difference between the log-probabilities of two answers to the same
 *     request, in nats; empty if none are shown
 */
public record Capabilities(
    int vocabulary,
    int topTokens,
    int idsPerCall,
    Bias bias,
    ImmutableList<ServerMethod> methods,
    ImmutableMap<ServerMethod, Double> seconds,
    OptionalInt decimals,
    OptionalDouble difference) {

  /** What a logit bias does. */
  public enum Bias {
    /** It changes what is answered and the log-probabilities that are shown. */
    SHOWN("changes answers and log-probabilities"),
    /** It changes what is answered. */
    ANSWERS("changes answers, not log-probabilities"),
    /** Nothing that can be seen. */
    NONE("changes nothing that can be seen"),
    /** The server does not take it. */
    REFUSED("is refused");

    private final String description;

    Bias(String description) {
      this.description = description;
    }

    /** In words. */
    public String description() {
      return description;
    }
  }

  /** The way to the whole distribution with the fewest calls. */
  public Optional<ServerMethod> best() {
    return methods.stream().findFirst();
  }

  /** How long so many calls take, in seconds. */
  double seconds(ServerMethod method, long calls) {
    return calls * seconds.getOrDefault(method, 0.0);
  }
}
