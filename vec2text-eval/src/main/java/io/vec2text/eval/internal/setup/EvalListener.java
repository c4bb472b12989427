package io.vec2text.eval.internal.setup;

import io.vec2text.InversionListener;

/** Hears of the progress of a long evaluation. Called on the thread that runs it; must be quick. */
@FunctionalInterface
public interface EvalListener {

  /**
   * Some more of a stage is done.
   *
   * @param stage what is going on, for example the name of the inverter that runs
   * @param done items done so far
   * @param total items of the stage
   */
  void progress(String stage, int done, int total);

  /**
   * Hears of the vectors of a batch, which need not finish in order.
   *
   * @param stage what is going on
   * @param total vectors of the batch
   */
  default InversionListener counting(String stage, int total) {
    int[] done = {0};
    return (index, outcome) -> progress(stage, ++done[0], total);
  }
}
