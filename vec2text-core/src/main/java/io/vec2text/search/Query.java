package io.vec2text.search;

import static java.util.Objects.requireNonNull;

import io.vec2text.spi.Corrector;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the corrector on behalf of a target.
 *
 * @param target the target
 * @param hypothesis what the request wants improved, or null for a first guess
 * @param request the request
 */
record Query(Target target, @Nullable EvaluatedText hypothesis, Corrector.Request request) {

  /** Asks for a first guess. */
  static Query first(Target target) {
    return new Query(
        target, null, Corrector.Request.first(target.scaled(), target.random().nextLong()));
  }

  /** Asks for a correction of the whole hypothesis. */
  static Query correct(Target target, EvaluatedText hypothesis) {
    return new Query(
        target,
        hypothesis,
        Corrector.Request.of(target.scaled(), hypothesis.hypothesis(), target.random().nextLong()));
  }

  /** The hypothesis; not of a first guess. */
  EvaluatedText improved() {
    return requireNonNull(hypothesis, "a first guess has no hypothesis");
  }
}
