package io.vec2text.eval.internal.report;

import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;

import j2html.tags.DomContent;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A table as HTML, in a wrapper of class {@code scroll} that scrolls sideways where the screen is
 * narrower. Cells are of class {@code name} or {@code figure}.
 */
public final class HtmlTable {
  private HtmlTable() {}

  /**
   * Writes a table.
   *
   * @param named whether the first cell of a row is its name
   * @param cell what to write of a cell's text
   */
  public static DomContent of(Table rows, boolean named, Function<String, DomContent> cell) {
    return div(table(
            thead(
                tr(
                    columns(
                        rows,
                        c ->
                            th(rows.header().get(c))
                                .attr("scope", "col")
                                .withClass(kind(rows, c))))),
            tbody(
                each(rows.rows(), row -> tr(columns(rows, c -> cell(rows, row, c, named, cell)))))))
        .withClass("scroll")
        .attr("role", "region")
        .attr("aria-label", "table: " + rows.header().get(0))
        .attr("tabindex", "0");
  }

  private static DomContent columns(Table rows, Function<Integer, DomContent> column) {
    return each(IntStream.range(0, rows.header().size()).boxed().toList(), column);
  }

  private static DomContent cell(
      Table rows, List<String> row, int c, boolean named, Function<String, DomContent> cell) {
    DomContent content = cell.apply(row.get(c));
    return named && c == 0
        ? th(content).attr("scope", "row").withClass(kind(rows, c))
        : td(content).withClass(kind(rows, c));
  }

  private static String kind(Table rows, int c) {
    return c < rows.left() ? "name" : "figure";
  }
}
