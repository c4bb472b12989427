package io.vec2text.eval.internal.report;

import static io.vec2text.eval.internal.report.Figures.format;
import static j2html.TagCreator.tag;
import static j2html.TagCreator.title;

import com.google.common.collect.ImmutableList;
import j2html.tags.ContainerTag;
import j2html.tags.DomContent;
import java.awt.geom.Rectangle2D;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/** Draws a plot as SVG; colours are classes of the report's style. */
final class SvgPlot {
  private static final int WIDTH = 480;
  private static final int HEIGHT = 340;
  private static final int LEFT = 50;
  private static final int RIGHT = 16;
  private static final int TOP = 16;
  private static final int BOTTOM = 48;
  private static final int LEGEND_LINE = 18;
  private static final int COLOURS = 8;
  private static final int TICKS = 5;

  /** Width of a letter of a label and height of its line, roughly. */
  private static final double LETTER = 5.6;

  private static final double LINE = 12;

  /** Where a label's line may lie below its point. */
  private static final ImmutableList<Integer> SHIFTS =
      ImmutableList.of(-8, 16, 4, -20, 28, -32, 40, -44, 52, -56, 64, -68, 76);

  private final Plot plot;
  private final Scale x;
  private final Scale y;
  private final int legend;
  private final List<Rectangle2D> taken = new ArrayList<>();

  SvgPlot(Plot plot) {
    this.plot = plot;
    legend = (int) plot.series().stream().filter(s -> !s.name().isEmpty()).count() * LEGEND_LINE;
    x = scale(plot.x(), Plot.Point::x, LEFT, WIDTH - RIGHT);
    y = scale(plot.y(), Plot.Point::y, HEIGHT - BOTTOM, TOP);
  }

  private Scale scale(
      Plot.Axis axis, ToDoubleFunction<Plot.Point> value, double start, double end) {
    return Scale.of(
        axis,
        plot.series().stream()
            .flatMap(s -> s.points().stream())
            .mapToDouble(value)
            .filter(axis::shows),
        start,
        end);
  }

  DomContent draw() {
    List<DomContent> parts = new ArrayList<>();
    parts.add(title(plot.title()));
    axes(parts);
    // Labels cover no point.
    for (Plot.Series series : plot.series()) {
      for (Plot.Point p : shown(series)) {
        taken.add(new Rectangle2D.Double(x.at(p.x()) - 4, y.at(p.y()) - 4, 8, 8));
      }
    }
    for (int s = 0; s < plot.series().size(); s++) {
      draw(plot.series().get(s), "s" + s % COLOURS, parts);
    }
    legend(parts);
    return tag("svg")
        .attr("viewBox", "0 0 " + WIDTH + " " + (HEIGHT + legend))
        .attr("role", "img")
        .with(parts);
  }

  private void axes(List<DomContent> parts) {
    for (double tick : x.ticks()) {
      double at = x.at(tick);
      parts.add(line("grid", at, TOP, at, HEIGHT - BOTTOM));
      parts.add(text("tick", at, HEIGHT - BOTTOM + 16, "middle", x.name(tick)));
    }
    for (double tick : y.ticks()) {
      double at = y.at(tick);
      parts.add(line("grid", LEFT, at, WIDTH - RIGHT, at));
      parts.add(text("tick", LEFT - 6, at + 4, "end", y.name(tick)));
    }
    parts.add(line("axis", LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM));
    parts.add(line("axis", LEFT, TOP, LEFT, HEIGHT - BOTTOM));
    parts.add(text("name", (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 10, "middle", plot.x().name()));
    double middle = (TOP + HEIGHT - BOTTOM) / 2.0;
    parts.add(
        text("name", 14, middle, "middle", plot.y().name())
            .attr("transform", format("rotate(-90 14 %.1f)", middle)));
  }

  private List<Plot.Point> shown(Plot.Series series) {
    return series.points().stream()
        .filter(p -> plot.x().shows(p.x()) && plot.y().shows(p.y()))
        .toList();
  }

  private void draw(Plot.Series series, String colour, List<DomContent> parts) {
    List<Plot.Point> points = shown(series);
    if (series.joined() && points.size() > 1) {
      String path =
          points.stream()
              .map(p -> format("%.1f,%.1f", x.at(p.x()), y.at(p.y())))
              .collect(Collectors.joining(" "));
      parts.add(tag("polyline").attr("class", "line " + colour).attr("points", path));
    }
    for (Plot.Point p : points) {
      double px = x.at(p.x());
      double py = y.at(p.y());
      parts.add(
          tag("circle")
              .attr("class", colour)
              .attr("cx", format("%.1f", px))
              .attr("cy", format("%.1f", py))
              .attr("r", "4")
              .with(title(p.label() + " " + x.name(p.x()) + ", " + y.name(p.y()))));
      if (!p.label().isEmpty()) {
        label(p.label(), colour, px, py).ifPresent(parts::add);
      }
    }
  }

  /** Writes a label on the side where there is room, as near to its point as others leave it. */
  private Optional<DomContent> label(String label, String colour, double px, double py) {
    boolean right = px < WIDTH * 0.6;
    double width = label.length() * LETTER;
    for (int shift : SHIFTS) {
      double start = right ? px + 7 : px - 7 - width;
      double base = py + shift;
      Rectangle2D box = new Rectangle2D.Double(start, base - LINE + 2, width, LINE);
      boolean inside = base - LINE >= 0 && base <= HEIGHT - BOTTOM + 4.0;
      if (inside && taken.stream().noneMatch(box::intersects)) {
        taken.add(box);
        return Optional.of(
            text("label " + colour, right ? px + 7 : px - 7, base, right ? "start" : "end", label));
      }
    }
    // It still shows where the pointer rests on the point, and in the table.
    return Optional.empty();
  }

  private void legend(List<DomContent> parts) {
    int row = 0;
    for (int s = 0; s < plot.series().size(); s++) {
      String name = plot.series().get(s).name();
      if (!name.isEmpty()) {
        double at = HEIGHT + row++ * LEGEND_LINE + 8.0;
        parts.add(
            tag("circle")
                .attr("class", "s" + s % COLOURS)
                .attr("cx", LEFT + 4)
                .attr("cy", format("%.1f", at - 4))
                .attr("r", "4"));
        parts.add(text("name", LEFT + 14, at, "start", name));
      }
    }
  }

  private static ContainerTag<?> line(String kind, double x1, double y1, double x2, double y2) {
    return tag("line")
        .attr("class", kind)
        .attr("x1", format("%.1f", x1))
        .attr("y1", format("%.1f", y1))
        .attr("x2", format("%.1f", x2))
        .attr("y2", format("%.1f", y2));
  }

  private static ContainerTag<?> text(String kind, double x, double y, String anchor, String text) {
    return tag("text")
        .attr("class", kind)
        .attr("x", format("%.1f", x))
        .attr("y", format("%.1f", y))
        .attr("text-anchor", anchor)
        .withText(text);
  }

  /** Where the values of an axis lie. */
  private record Scale(
      boolean logarithmic, double low, double high, double start, double end, List<Double> ticks) {

    static Scale of(Plot.Axis axis, DoubleStream values, double start, double end) {
      double[] sorted = values.sorted().toArray();
      double low = sorted.length == 0 ? 1 : sorted[0];
      double high = sorted.length == 0 ? 1 : sorted[sorted.length - 1];
      return axis.logarithmic()
          ? logarithmic(low, high, start, end)
          : axis.reach() > 0
              ? linear(Math.min(0, low), Math.max(axis.reach(), high), start, end)
              : linear(low, high, start, end);
    }

    private static Scale linear(double low, double high, double start, double end) {
      double bottom = low >= 0 && low < 0.6 * high ? 0 : low;
      double span = Math.max(high - bottom, 1e-3 * Math.max(1, Math.abs(high)));
      double raw = span / TICKS;
      double power = Math.pow(10, Math.floor(Math.log10(raw)));
      double step =
          power * (raw / power <= 1 ? 1 : raw / power <= 2 ? 2 : raw / power <= 5 ? 5 : 10);
      long first = (long) Math.floor(bottom / step);
      long last = (long) Math.ceil((bottom + span) / step);
      List<Double> ticks = new ArrayList<>();
      for (long t = first; t <= last; t++) {
        ticks.add(t * step);
      }
      return new Scale(false, first * step, last * step, start, end, ticks);
    }

    private static Scale logarithmic(double low, double high, double start, double end) {
      int first = (int) Math.floor(Math.log10(low));
      int last = Math.max(first + 1, (int) Math.ceil(Math.log10(high)));
      List<Double> ticks = new ArrayList<>();
      for (int t = first; t <= last; t++) {
        ticks.add(Math.pow(10, t));
      }
      return new Scale(true, ticks.get(0), ticks.get(ticks.size() - 1), start, end, ticks);
    }

    double at(double value) {
      double share =
          logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
      return start + share * (end - start);
    }

    String name(double value) {
      if (value == Math.rint(value) && Math.abs(value) < 1e9) {
        return format("%,d", (long) value);
      }
      return new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros().toPlainString();
    }
  }
}
