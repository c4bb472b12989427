package io.vec2text.eval.internal;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.base.Strings;
import java.util.ArrayList;
import java.util.List;

/** A Markdown table whose columns are padded to one width, so that it reads well as it is. */
public final class TextTable {
  private final List<List<String>> rows = new ArrayList<>();
  private final int left;

  /** A table whose first {@code left} columns are aligned left, the others right. */
  public TextTable(List<String> header, int left) {
    rows.add(List.copyOf(header));
    this.left = left;
  }

  /** Adds a row of as many cells as the header has. */
  public void add(String... cells) {
    int columns = rows.get(0).size();
    checkArgument(
        cells.length == columns, "the row has %s cells, expected %s", cells.length, columns);
    List<String> row = new ArrayList<>();
    for (String cell : cells) {
      row.add(cell.replace("|", "\\|"));
    }
    rows.add(row);
  }

  @Override
  public String toString() {
    int columns = rows.get(0).size();
    StringBuilder out = new StringBuilder();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int c = 0; c < columns; c++) {
        widths[c] = Math.max(widths[c], row.get(c).length());
      }
    }
    for (int r = 0; r < rows.size(); r++) {
      out.append('|');
      for (int c = 0; c < columns; c++) {
        String cell = rows.get(r).get(c);
        String padded =
            c < left
                ? Strings.padEnd(cell, widths[c], ' ')
                : Strings.padStart(cell, widths[c], ' ');
        out.append(' ').append(padded).append(" |");
      }
      out.append('\n');
      if (r == 0) {
        out.append('|');
        for (int c = 0; c < columns; c++) {
          String rule = "-".repeat(widths[c]);
          out.append(c < left ? " " + rule + " |" : " " + rule + ":|");
        }
        out.append('\n');
      }
    }
    return out.toString();
  }
}
