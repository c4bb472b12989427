package io.vec2text.eval.internal.experiments;

import io.vec2text.Inverter;

/**
 * A row of the table before it is measured.
 *
 * @param name what to call it
 * @param feedback whether it has feedback
 * @param inverter the system
 * @param maxEmbeddings embeddings that it may spend on a vector
 * @param remark what to know of it; may be empty
 */
record MeasuredSystem(
    String name, Feedback feedback, Inverter inverter, int maxEmbeddings, String remark) {

  MeasuredSystem(String name, Feedback feedback, Inverter inverter, int maxEmbeddings) {
    this(name, feedback, inverter, maxEmbeddings, "");
  }

  /** Name and feedback, as provenance, progress and files show it. */
  String title() {
    return feedback == Feedback.WITHHELD ? name + ", feedback withheld" : name;
  }
}
