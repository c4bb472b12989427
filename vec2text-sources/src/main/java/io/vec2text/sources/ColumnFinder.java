package io.vec2text.sources;

import io.vec2text.sources.internal.ListText;
import io.vec2text.sources.internal.Names;
import io.vec2text.sources.internal.VectorText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Finds the columns of the vectors and of the ids, from the first rows of a table. */
final class ColumnFinder {
  private static final int LONGEST_ID = 64;

  private final List<TableRow> rows;
  private final Dialect dialect;
  private final ReadOptions options;
  private final String name;
  private final boolean trailing;
  private final int width;

  private final TableHeader header;

  private ColumnFinder(List<TableRow> sample, Dialect dialect, ReadOptions options, String name) {
    this.dialect = dialect;
    this.options = options;
    this.name = name;
    rows = new ArrayList<>();
    List<TableRow> uncommented = sample.stream().filter(r -> !r.isComment()).toList();
    List<TableRow> kept = uncommented.isEmpty() ? sample : uncommented;
    trailing = TableRow.allEndEmpty(kept);
    for (TableRow row : kept) {
      rows.add(trailing ? row.withoutLast() : row);
    }
    width = usualWidth();
    header = TableHeader.find(rows, width, dialect, options);
    if (header.line() > 0 && rows.size() > 1) {
      rows.remove(0);
    }
  }

  static Columns find(List<TableRow> sample, Dialect dialect, ReadOptions options, String name)
      throws VectorFileException {
    return new ColumnFinder(sample, dialect, options, name).find();
  }

  /** The most frequent number of columns; of several the largest. */
  private int usualWidth() {
    Map<Integer, Integer> counts = new HashMap<>();
    int best = 0;
    for (TableRow row : rows) {
      int n = counts.merge(row.size(), 1, Integer::sum);
      int most = counts.getOrDefault(best, 0);
      if (n > most || (n == most && row.size() > best)) {
        best = row.size();
      }
    }
    // A header and one row, of which either may have a column more.
    return rows.size() == 2 ? rows.get(1).size() : best;
  }

  private Columns find() throws VectorFileException {
    OptionalInt list = list();
    if (list.isPresent()) {
      return columns(list.getAsInt(), list.getAsInt(), 1);
    }
    int[] run = run();
    return columns(-1, run[0], run[1]);
  }

  /** The column that holds vectors as lists. */
  private OptionalInt list() throws VectorFileException {
    List<Integer> lists = new ArrayList<>();
    List<Integer> fitting = new ArrayList<>();
    for (int c = 0; c < width; c++) {
      boolean isList = false;
      boolean fits = false;
      for (TableRow row : rows) {
        if (c < row.size() && isList(row.cell(c))) {
          int size = listSize(row.cell(c));
          isList |= size != 0;
          fits |=
              size < 0 || options.dimension().isEmpty() || size == options.dimension().getAsInt();
        }
      }
      if (isList) {
        lists.add(c);
      }
      if (isList && fits) {
        fitting.add(c);
      }
    }
    List<Integer> candidates = fitting.isEmpty() ? lists : fitting;
    OptionalInt asked = asked(options.vectorField());
    if (asked.isPresent()
        && (lists.contains(asked.getAsInt()) || isListOfNumbers(asked.getAsInt()))) {
      return asked;
    }
    if (candidates.size() < 2 || options.vectorField().isPresent()) {
      return candidates.size() == 1 && options.vectorField().isEmpty()
          ? OptionalInt.of(candidates.get(0))
          : OptionalInt.empty();
    }
    List<String> names = candidates.stream().map(this::columnName).toList();
    Optional<String> usual = Names.usual(names);
    if (usual.isEmpty()) {
      throw new VectorFileException(
          name,
          "has several columns that could hold the vectors, `%s`: choose one with --vector"
              .formatted(String.join("`, `", names)));
    }
    return OptionalInt.of(candidates.get(names.indexOf(usual.get())));
  }

  private boolean isList(String cell) {
    return !dialect.isNumber(cell) && VectorText.isVector(cell, options.dimension());
  }

  /** The size of a list; negative if it was shortened; 0 if it is none of numbers. */
  private int listSize(String cell) {
    return isList(cell) && cell.contains("...") ? -1 : VectorText.size(cell, options.dimension());
  }

  private boolean isListOfNumbers(int column) {
    return rows.stream().anyMatch(r -> column < r.size() && listSize(r.cell(column)) > 1);
  }

  /** The first column and the number of columns of the components. */
  private int[] run() throws VectorFileException {
    if (options.vectorField().isPresent()) {
      return askedRun(options.vectorField().get());
    }
    List<int[]> runs = runs();
    int[] longest = {0, 0};
    for (int[] run : runs) {
      longest = run[1] > longest[1] ? run : longest;
      if (options.dimension().isPresent() && run[1] == options.dimension().getAsInt()) {
        return run;
      }
    }
    int[] counted = counted(longest);
    if (counted[1] > 1
        && (options.dimension().isEmpty() || counted[1] == options.dimension().getAsInt())) {
      return counted;
    }
    if (longest[1] == 0) {
      return new int[] {0, width};
    }
    if (longest[1] == 1 && width > 1 && options.dimension().orElse(2) > 1) {
      throw new VectorFileException(
          name,
          "has neither a column of lists nor adjoining columns of numbers, the columns are "
              + columnNames());
    }
    int[] stripped = stripped(longest);
    if (options.dimension().isEmpty() || stripped[1] == options.dimension().getAsInt()) {
      return stripped;
    }
    return longest;
  }

  private List<int[]> runs() {
    List<int[]> runs = new ArrayList<>();
    int start = -1;
    for (int c = 0; c <= width; c++) {
      boolean numeric = c < width && isNumeric(c);
      if (numeric && start < 0) {
        start = c;
      } else if (!numeric && start >= 0) {
        runs.add(new int[] {start, c - start});
        start = -1;
      }
    }
    return runs;
  }

  private boolean isNumeric(int column) {
    int numbers = 0;
    int others = 0;
    for (TableRow row : rows) {
      if (row.size() == width) {
        boolean number = dialect.isNumber(row.cell(column));
        numbers += number ? 1 : 0;
        others += number || ListText.isMissing(row.cell(column)) ? 0 : 1;
      }
    }
    return numbers > 0 && numbers >= others;
  }

  /** The longest piece of a run whose names count. */
  private int[] counted(int[] run) {
    int[] best = {0, 0};
    int end = header.isNamed() ? run[0] + run[1] : 0;
    for (int c = run[0]; c < end; c++) {
      NumberedNames names = new NumberedNames();
      int from = c;
      while (c < end && names.follows(columnName(c))) {
        c++;
      }
      if (c > from) {
        best = c - from > best[1] ? new int[] {from, c - from} : best;
        c--;
      }
    }
    return best;
  }

  /** A run without columns at its ends that are rather an index or a label. */
  private int[] stripped(int[] run) {
    int from = run[0];
    int to = run[0] + run[1];
    int wanted = options.dimension().orElse(!header.isNamed() ? to - from : 1);
    while (to - from > wanted && isOther(from)) {
      from++;
    }
    while (to - from > wanted && isOther(to - 1)) {
      to--;
    }
    return new int[] {from, to - from};
  }

  private boolean isOther(int column) {
    if (header.isNamed()) {
      String title = columnName(column);
      return title.isEmpty()
          || Names.idRank(title) >= 0
          || asked(options.idField()).orElse(-1) == column;
    }
    return asked(options.idField()).orElse(-1) == column
        || rows.stream().allMatch(r -> r.size() != width || isWhole(r.cell(column)));
  }

  private static boolean isWhole(String cell) {
    return cell.strip().matches("[0-9]{1,18}");
  }

  /** The columns whose names begin with what was asked for, or a range of columns such as 2-385. */
  private int[] askedRun(String field) throws VectorFileException {
    int from = -1;
    int to = -1;
    for (int c = 0; c < width && header.isNamed(); c++) {
      if (columnName(c).startsWith(field) && (isNumeric(c) || columnName(c).equals(field))) {
        from = from < 0 ? c : from;
        to = c;
      }
    }
    if (from < 0 && field.matches("\\d{1,6}-\\d{1,6}")) {
      from = Integer.parseInt(field.substring(0, field.indexOf('-'))) - 1;
      to = Integer.parseInt(field.substring(field.indexOf('-') + 1)) - 1;
    }
    if (from < 0 || to < from || to >= width) {
      throw missing("--vector", field);
    }
    return new int[] {from, to - from + 1};
  }

  private Columns columns(int list, int first, int count) throws VectorFileException {
    if (options.idField().isPresent() && asked(options.idField()).isEmpty()) {
      throw missing("--id", options.idField().get());
    }
    int id = options.idField().isPresent() ? asked(options.idField()).orElse(-1) : id(first, count);
    List<String> notes = new ArrayList<>();
    if (list >= 0 && width > 1) {
      notes.add("vectors from column `" + columnName(list) + "`");
    } else if (list < 0 && count < width) {
      notes.add("vectors from columns %d to %d".formatted(first + 1, first + count));
    }
    if (id >= 0) {
      notes.add(
          columnName(id).isEmpty()
              ? "ids from the column without a name"
              : "ids from column `" + columnName(id) + "`");
    }
    if (header.line() > 0) {
      notes.add("line " + header.line() + " is a header");
    }
    return new Columns(
        width, list, first, count, id, header.line(), trailing, String.join(", ", notes));
  }

  private int id(int first, int count) {
    List<Integer> others = new ArrayList<>();
    for (int c = 0; c < width; c++) {
      if (c < first || c >= first + count) {
        others.add(c);
      }
    }
    if (!header.isNamed()) {
      return others.stream().filter(this::looksLikeIds).findFirst().orElse(-1);
    }
    List<String> names =
        others.stream().map(c -> columnName(c).isEmpty() ? "index" : columnName(c)).toList();
    return Names.id(names).map(n -> others.get(names.indexOf(n))).orElse(-1);
  }

  private boolean looksLikeIds(int column) {
    Set<String> different = new HashSet<>();
    int n = 0;
    for (TableRow row : rows) {
      if (row.size() == width) {
        String cell = row.cell(column).strip();
        if (cell.isEmpty() || cell.length() > LONGEST_ID || isList(cell)) {
          return false;
        }
        different.add(cell);
        n++;
      }
    }
    return n > 0 && different.size() == n;
  }

  /** The column of a name, or of a number from 1 where no column has that name. */
  private OptionalInt asked(Optional<String> field) {
    if (field.isEmpty()) {
      return OptionalInt.empty();
    }
    if (header.names().contains(field.get())) {
      return OptionalInt.of(header.names().indexOf(field.get()));
    }
    int number = field.get().matches("\\d{1,6}") ? Integer.parseInt(field.get()) : 0;
    return number >= 1 && number <= width ? OptionalInt.of(number - 1) : OptionalInt.empty();
  }

  private String columnName(int column) {
    return header.isNamed() ? header.names().get(column) : Integer.toString(column + 1);
  }

  private VectorFileException missing(String option, String field) {
    return new VectorFileException(
        name,
        "%s: there is no column `%s`, the columns are %s".formatted(option, field, columnNames()));
  }

  private String columnNames() {
    List<String> names = new ArrayList<>();
    for (int c = 0; c < Math.min(width, 8); c++) {
      names.add("`" + columnName(c) + "`");
    }
    return String.join(", ", names) + (width > 8 ? ", … (" + width + " in all)" : "");
  }
}
