package io.vec2text.eval.internal.report;

/** Whether a report may show texts: what was recovered is somebody's secret. */
public enum Disclosure {
  /** Each word is shown as a bar, all of one length. */
  REDACTED {
    @Override
    String show(String word) {
      return "▇▇▇";
    }
  },
  /** As they are. */
  REVEALED {
    @Override
    String show(String word) {
      return word;
    }
  };

  abstract String show(String word);
}
