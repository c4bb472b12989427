package io.vec2text.lm.server;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** How a kind of server is asked. */
interface Style {
  /** What follows the base address. */
  String path();

  /** The body of a request. */
  ObjectNode body(Question question);

  /** Whether chosen tokens' log-probabilities can be asked for. */
  default boolean takesIds() {
    return false;
  }
}
