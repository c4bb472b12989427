package io.vec2text.eval.internal.report;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A table of figures that is filled row by row. */
public final class Table implements Block {
  private final ImmutableList<String> header;
  private final int left;
  private final List<List<String>> rows = new ArrayList<>();

  /** A table whose first {@code left} columns are aligned left, the others right. */
  public Table(List<String> header, int left) {
    this.header = ImmutableList.copyOf(header);
    this.left = left;
  }

  /** Adds a row of as many cells as the header has. */
  public void add(String... cells) {
    add(List.of(cells));
  }

  /** Adds a row of as many cells as the header has. */
  public void add(List<String> cells) {
    checkArgument(
        cells.size() == header.size(),
        "the row has %s cells, expected %s",
        cells.size(),
        header.size());
    rows.add(ImmutableList.copyOf(cells));
  }

  /** The names of the columns. */
  public List<String> header() {
    return header;
  }

  /** The rows so far, each with as many cells as the header. */
  public List<List<String>> rows() {
    return Collections.unmodifiableList(rows);
  }

  /** How many columns are aligned left. */
  public int left() {
    return left;
  }

  /** Sizes. */
  @Override
  public String toString() {
    return "Table[" + rows.size() + " rows of " + header.size() + "]";
  }
}
