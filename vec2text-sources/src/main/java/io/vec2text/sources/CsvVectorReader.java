package io.vec2text.sources;

import io.vec2text.sources.internal.Components;
import io.vec2text.sources.internal.ListText;
import io.vec2text.sources.internal.MalformedException;
import io.vec2text.sources.internal.VectorText;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads a table: a row a vector, its components in columns of their own or as a list in one. */
final class CsvVectorReader implements VectorReader {
  private final Source source;
  private final Table table;
  private final Dialect dialect;
  private final Columns columns;
  private final OptionalInt dimension;
  private final Components components;
  private final String description;
  private long comments;

  private CsvVectorReader(
      Source source,
      Table table,
      Dialect dialect,
      Columns columns,
      ReadOptions options,
      String description) {
    this.source = source;
    this.table = table;
    this.dialect = dialect;
    this.columns = columns;
    this.description = description;
    dimension = options.dimension();
    components = new Components(options.scale());
  }

  /** Opens a table; the source is closed with the reader. */
  static VectorReader open(Text text, ReadOptions options) throws IOException {
    String name = text.source().name();
    String head = text.head();
    Dialect dialect = Dialect.tell(head, options.dimension());
    List<TableRow> sample = dialect.sample(head, Columns.SAMPLE);
    if (!text.source().headIsAll() && sample.size() < Columns.SAMPLE) {
      // The last one may be cut off.
      sample =
          sample.size() > 1
              ? sample.subList(0, sample.size() - 1)
              : dialect.sample(text.open(), 2); // of enormous rows
    }
    if (sample.isEmpty() && !head.isBlank()) {
      // What is wrong with the first row.
      try (Table table = new Table(name, new StringReader(head), dialect)) {
        table.next();
      }
    }
    if (sample.isEmpty()) {
      throw new VectorFileException(name, "holds no vectors, only blank lines");
    }
    Columns columns = ColumnFinder.find(sample, dialect, options, name);
    try (Table table = new Table(name, text.open(), dialect)) {
      new CsvVectorReader(text.source(), table, dialect, columns, options, "").check(name);
    }
    List<String> notes = new ArrayList<>();
    if (!columns.note().isEmpty()) {
      notes.add(columns.note());
    }
    if (dialect.separator() != ',' && columns.list() < 0) {
      notes.add("cells between " + dialect.separatorName());
    }
    if (dialect.decimalComma()) {
      notes.add("decimal commas");
    }
    if (!text.note().isEmpty()) {
      notes.add(text.note());
    }
    return new CsvVectorReader(
        text.source(),
        new Table(name, text.openLast(), dialect),
        dialect,
        columns,
        options,
        String.join(", ", notes));
  }

  /** Refuses a file of whose first rows none is a vector. */
  private void check(String name) throws IOException {
    Row.Malformed problem = null;
    for (int i = 0; i < Columns.SAMPLE; i++) {
      Row row = next();
      if (row instanceof Row.Vector) {
        return;
      }
      if (row == null) {
        break;
      }
      problem = problem == null ? (Row.Malformed) row : problem;
    }
    throw new VectorFileException(
        name,
        problem != null
            ? problem.problem()
            : columns.headerLine() > 0 ? "holds a header and no vectors" : "holds no vectors");
  }

  @Override
  public OptionalLong rows() {
    return OptionalLong.empty();
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public long skippedLines() {
    return table.blankLines() + comments;
  }

  @Override
  public @Nullable Row next() throws IOException {
    while (true) {
      TableRow row = table.next();
      if (row == null) {
        return null;
      }
      if (columns.trailing()) {
        row = row.withoutLast();
      }
      if (row.line() == columns.headerLine()) {
        continue;
      }
      Row result = parse(row);
      if (result instanceof Row.Malformed && row.isComment()) {
        comments++;
      } else {
        return result;
      }
    }
  }

  private Row parse(TableRow row) {
    Place place = Place.line(row.line());
    components.clear();
    try {
      // What a row has more than others is at its front where cells stand between blanks: a word
      // may have some of its own.
      int shift =
          dialect.separator() == ' ' && columns.list() < 0 && columns.first() > 0
              ? Math.max(0, row.size() - columns.width())
              : 0;
      if (columns.id() >= 0 && columns.id() < row.size()) {
        String id =
            String.join(" ", row.cells().subList(columns.id(), columns.id() + 1 + shift)).strip();
        place = id.isEmpty() ? place : place.withId(id);
      }
      if (columns.list() >= 0) {
        readList(row);
      } else {
        readCells(row, shift);
      }
      return components.toRow(place);
    } catch (MalformedException e) {
      return new Row.Malformed("line " + row.line() + ": " + e.getMessage(), place);
    }
  }

  private void readList(TableRow row) throws MalformedException {
    if (row.size() <= columns.list()) {
      throw new MalformedException(columnCount(row));
    }
    String cell = row.cell(columns.list());
    if (!VectorText.isVector(cell, dimension) && !ListText.isMissing(cell)) {
      throw new MalformedException("expected a list of numbers, found a text");
    }
    VectorText.read(cell, dimension, components);
  }

  private void readCells(TableRow row, int shift) throws MalformedException {
    boolean alone = columns.count() == columns.width();
    if (!alone && row.size() != columns.width() + shift) {
      throw new MalformedException(columnCount(row));
    }
    int from = columns.first() + shift;
    int to = alone ? row.size() : from + columns.count();
    for (int i = from; i < to; i++) {
      String cell = row.cell(i);
      double value;
      if (!ListText.beginsAsNumber(cell)) {
        throw new MalformedException(problem(row, cell));
      }
      try {
        value = dialect.number(cell);
      } catch (NumberFormatException e) {
        throw new MalformedException(problem(row, cell));
      }
      components.add(value);
    }
  }

  private String problem(TableRow row, String cell) {
    if (row.size() == 1 && columns.width() > 1) {
      if (ListText.isMissing(cell)) {
        return "is " + cell.strip() + ", no vector";
      }
      return "is a text and no vector of " + columns.count() + " numbers";
    }
    return "component "
        + components.size()
        + (cell.isBlank()
            ? " is empty"
            : ListText.isMissing(cell) ? " is " + cell.strip() : " is not a number");
  }

  private String columnCount(TableRow row) {
    return "has "
        + row.size()
        + (row.size() == 1 ? " column" : " columns")
        + ", expected "
        + columns.width();
  }

  @Override
  public void close() throws IOException {
    try (source) {
      table.close();
    }
  }
}
