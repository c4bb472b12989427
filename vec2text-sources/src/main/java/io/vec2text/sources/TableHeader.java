package io.vec2text.sources;

import io.vec2text.sources.internal.ListText;
import io.vec2text.sources.internal.Names;
import io.vec2text.sources.internal.VectorText;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The header of a table: a first row that looks like one. Any other first row is a row, and an
 * error of its own if it holds no vector.
 *
 * @param line its line; 0 without a header
 * @param names the names of the columns; none without a header, or if it names none
 */
record TableHeader(long line, List<String> names) {
  private static final Pattern NAME =
      Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{N}_./#() -]{0,63}");
  private static final Pattern PROBLEM =
      Pattern.compile("(?i).*\\b(error|exception|fail(ed|ure)?|timeout|limit|denied|invalid)\\b.*");

  /** Whether the columns have names. */
  boolean isNamed() {
    return !names.isEmpty();
  }

  /** Looks at the first rows of a table whose rows mostly have so many columns. */
  static TableHeader find(List<TableRow> rows, int width, Dialect dialect, ReadOptions options) {
    TableRow top = rows.get(0);
    List<TableRow> others = rows.subList(1, rows.size());
    if (isWord2Vec(top, width)) {
      return new TableHeader(top.line(), List.of());
    }
    // The names of the rows may have none themselves.
    int shift = top.size() == width - 1 && width > 2 && !others.isEmpty() ? 1 : 0;
    if (top.size() + shift != width || !isHeader(top, others, shift, dialect, options)) {
      return new TableHeader(0, List.of());
    }
    List<String> names = new ArrayList<>();
    if (shift == 1) {
      names.add("");
    }
    top.cells().forEach(c -> names.add(c.strip()));
    return new TableHeader(top.line(), List.copyOf(names));
  }

  /** The number of words and that of components, as word2vec writes them before the words. */
  private static boolean isWord2Vec(TableRow top, int width) {
    return top.size() == 2
        && width > 3
        && top.cell(0).strip().matches("[0-9]{1,18}")
        && top.cell(1).strip().equals(Integer.toString(width - 1));
  }

  private static boolean isHeader(
      TableRow top, List<TableRow> others, int shift, Dialect dialect, ReadOptions options) {
    if (counts(top)) {
      return true;
    }
    boolean known = top.size() > (others.isEmpty() ? 1 : 2);
    for (int i = 0; i < top.size(); i++) {
      String cell = top.cell(i).strip();
      if (options.vectorField().filter(cell::equals).isPresent()) {
        return true;
      }
      boolean unnamedIndex = i == 0 && cell.isEmpty();
      boolean isName =
          NAME.matcher(cell).matches()
              && !PROBLEM.matcher(cell).matches()
              && !ListText.isMissing(cell);
      if (!unnamedIndex
          && (!isName
              || (dialect.isNumber(cell) && isValue(others, i + shift, dialect, options)))) {
        return false;
      }
      known |= Names.isVector(cell) || Names.idRank(cell) >= 0;
    }
    return known || (!others.isEmpty() && others.stream().allMatch(r -> isNumbers(r, dialect)));
  }

  /** Whether a column holds numbers or vectors. */
  private static boolean isValue(
      List<TableRow> rows, int column, Dialect dialect, ReadOptions options) {
    return rows.isEmpty()
        || rows.stream()
            .filter(r -> column < r.size())
            .map(r -> r.cell(column))
            .anyMatch(c -> dialect.isNumber(c) || VectorText.isVector(c, options.dimension()));
  }

  private static boolean isNumbers(TableRow row, Dialect dialect) {
    return row.cells().stream().allMatch(dialect::isNumber);
  }

  /** Whether cells count from 0, as data frames without names are written. */
  private static boolean counts(TableRow row) {
    int from = row.cell(0).isBlank() ? 1 : 0;
    for (int i = from; i < row.size(); i++) {
      if (!row.cell(i).strip().equals(Integer.toString(i - from))) {
        return false;
      }
    }
    return row.size() - from > 1;
  }
}
