package io.vec2text.cli;

import io.vec2text.eval.internal.setup.EvalListener;

/**
 * Counts on standard error.
 *
 * @param terminal whether that is a terminal; elsewhere nothing is counted
 */
record EvalProgress(boolean terminal) implements EvalListener {
  @Override
  public void progress(String stage, int done, int total) {
    if (terminal) {
      System.err.printf("\r%s %,d of %,d%s", stage, done, total, done == total ? "\n" : "");
    }
  }
}
