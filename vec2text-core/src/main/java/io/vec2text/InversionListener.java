package io.vec2text;

/** Hears of the progress of a batch. Called on the thread that runs the batch; must be quick. */
@FunctionalInterface
public interface InversionListener {

  /**
   * An item of the batch is done.
   *
   * @param index position of the item in the batch
   * @param outcome its result or error
   */
  void finished(int index, Outcome outcome);
}
