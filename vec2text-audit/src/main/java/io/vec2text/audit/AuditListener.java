package io.vec2text.audit;

/** Hears of the progress of an audit. Called on the thread that runs it; must be quick. */
@FunctionalInterface
public interface AuditListener {

  /**
   * More records are inverted.
   *
   * @param done records inverted so far, canaries included
   * @param of records to invert
   */
  void progress(int done, int of);
}
