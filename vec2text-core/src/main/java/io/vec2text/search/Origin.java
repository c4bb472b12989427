package io.vec2text.search;

/** Where a candidate comes from; what {@link SearchStatistics} counts by. */
enum Origin {
  FIRST_GUESS("first guess"),
  CORRECTION("correction"),
  SUBSTITUTION("substitution"),
  INSERTION("insertion"),
  DELETION("deletion"),
  EDIT_SET("set of edits"),
  SWAP("swap"),
  MOVE("move"),
  REGENERATION("regeneration"),
  PREDICTION("prediction");

  private final String label;

  Origin(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }
}
