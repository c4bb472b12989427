package io.vec2text.sources;

/**
 * What the columns of a table hold. Columns count from 0.
 *
 * @param width the columns of a row
 * @param list the column that holds whole vectors; −1 if their components have columns of their own
 * @param first the column of the first component
 * @param count how many columns hold components
 * @param id the column of the ids; −1 without
 * @param headerLine the line of the header; 0 without
 * @param trailing whether rows end in a separator
 * @param note what was chosen; empty if there was no choice
 */
record Columns(
    int width,
    int list,
    int first,
    int count,
    int id,
    long headerLine,
    boolean trailing,
    String note) {
  /** How many rows are looked at. */
  static final int SAMPLE = 100;
}
