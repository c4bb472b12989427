package io.vec2text.search;

/** Where a candidate comes from; what {@link SearchStatistics} counts by. */
enum Origin {
  FIRST_GUESS("first guess"),
  CORRECTION("correction"),
  SUBSTITUTION("substitution"),
  INSERTION("insertion"),
  DELETION("deletion"),
  ORDER("order"),
  PREDICTION("prediction");

  private final String label;

  Origin(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }
}
