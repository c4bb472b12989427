package io.vec2text.search;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.Lists;
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

  /** Texts of the pool that a corrector is told of. */
  private static final int NEARBY = 100;

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
        new Corrector.Request(
            target.scaled(),
            hypothesis.hypothesis(),
            target.random().nextLong(),
            Lists.transform(target.pool().best(NEARBY), EvaluatedText::hypothesis)));
  }

  /** The hypothesis; not of a first guess. */
  EvaluatedText improved() {
    return requireNonNull(hypothesis, "a first guess has no hypothesis");
  }
}
