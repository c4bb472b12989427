package io.vec2text.sources;

import java.util.List;

/**
 * A row of a table.
 *
 * @param line the line that it begins on, from 1
 * @param cells its cells, without quotes
 */
record TableRow(long line, List<String> cells) {
  int size() {
    return cells.size();
  }

  String cell(int column) {
    return cells.get(column);
  }

  /** Whether it begins as a comment does. */
  boolean isComment() {
    String first = cells.get(0).stripLeading();
    return first.startsWith("#") || first.startsWith("//");
  }

  private boolean endsEmpty() {
    return size() > 1 && cells.get(size() - 1).isBlank();
  }

  /** Whether all end in an empty cell, as rows do that end in a separator. */
  static boolean allEndEmpty(List<TableRow> rows) {
    return !rows.isEmpty() && rows.stream().allMatch(TableRow::endsEmpty);
  }

  TableRow withoutLast() {
    return endsEmpty() ? new TableRow(line, cells.subList(0, size() - 1)) : this;
  }
}
