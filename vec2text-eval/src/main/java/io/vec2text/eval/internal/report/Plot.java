package io.vec2text.eval.internal.report;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * Points and lines in two dimensions.
 *
 * @param title what is shown
 * @param x the horizontal axis
 * @param y the vertical axis
 * @param series what is shown; without any point in it, the plot is left out
 */
public record Plot(String title, Axis x, Axis y, List<Series> series) implements Block {
  private static final double MIN_PERCENT = 10;

  /** Checks and copies. */
  public Plot {
    series = ImmutableList.copyOf(series);
  }

  boolean isEmpty() {
    return series.stream().allMatch(s -> s.points().isEmpty());
  }

  /**
   * An axis.
   *
   * @param name what it measures, with the unit
   * @param logarithmic whether equal ratios are equal distances; values at or below 0 are left out
   * @param reach the least that its highest value is, and 0 is shown; 0 leaves both to the points
   */
  public record Axis(String name, boolean logarithmic, double reach) {
    /** An axis on which equal differences are equal distances. */
    public static Axis linear(String name) {
      return new Axis(name, false, 0);
    }

    /** An axis of shares, from 0. */
    public static Axis percent(String name) {
      return new Axis(name + ", %", false, MIN_PERCENT);
    }

    /** An axis on which equal ratios are equal distances. */
    public static Axis logarithmic(String name) {
      return new Axis(name, true, 0);
    }

    boolean shows(double value) {
      return Double.isFinite(value) && (!logarithmic || value > 0);
    }
  }

  /**
   * Points that belong together.
   *
   * @param name for the legend; empty if the points say enough
   * @param joined whether a line joins them in their order
   * @param points the points
   */
  public record Series(String name, boolean joined, List<Point> points) {
    /** Copies. */
    public Series {
      points = ImmutableList.copyOf(points);
    }
  }

  /**
   * A point.
   *
   * @param label written beside it; may be empty
   * @param x its horizontal place
   * @param y its vertical place
   */
  public record Point(String label, double x, double y) {}
}
