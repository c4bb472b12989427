package io.vec2text.cli;

import io.vec2text.Cancellation;
import io.vec2text.InversionListener;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import io.vec2text.StopReason;
import io.vec2text.Vectors;
import io.vec2text.sources.Row;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Inverts vectors window by window, and writes each result as soon as all before it are written.
 * Memory does not grow with the number of vectors.
 */
final class InversionRun {
  private final Inverter inverter;
  private final Supplier<InversionOptions.Builder> options;
  private final ResultLines lines;
  private final Cancellation cancellation;
  private final boolean keepUnfinished;
  private final Observer observer;
  private final RecentResults recent = new RecentResults();

  /** Hears of results as they are written. */
  @FunctionalInterface
  interface Observer {
    void written(long index, Outcome outcome);
  }

  /**
   * A run.
   *
   * @param options options but for the listener
   * @param lines makes the lines
   * @param cancellation the cancellation that is among the options
   * @param keepUnfinished whether to write what a cancelled search has so far, if it has anything
   * @param observer hears of results as they are written
   */
  InversionRun(
      Inverter inverter,
      Supplier<InversionOptions.Builder> options,
      ResultLines lines,
      Cancellation cancellation,
      boolean keepUnfinished,
      Observer observer) {
    this.inverter = inverter;
    this.options = options;
    this.lines = lines;
    this.cancellation = cancellation;
    this.keepUnfinished = keepUnfinished;
    this.observer = observer;
  }

  /**
   * Inverts all vectors, or those up to a cancellation.
   *
   * @param start index of the first
   */
  void run(Windows windows, long start, LineSink sink) throws IOException {
    long index = start;
    while (!cancellation.requested()) {
      List<Row> rows;
      try {
        rows = windows.next();
      } catch (InterruptedIOException e) {
        if (cancellation.requested()) {
          return; // while it waited for a store
        }
        throw e;
      }
      if (rows.isEmpty()) {
        return;
      }
      invert(rows, index, sink);
      index += rows.size();
    }
  }

  private void invert(List<Row> rows, long start, LineSink sink) throws IOException {
    List<float[]> vectors = new ArrayList<>();
    List<Integer> positions = new ArrayList<>();
    InversionOptions.Builder chosen = options.get();
    OptionalInt truncated = chosen.build().truncated();
    Window window = new Window(start, rows, positions, sink);
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      try {
        if (row instanceof Row.Vector vector) {
          float[] values = vector.values();
          Optional<Outcome> known = recent.of(values);
          if (known.isPresent()) {
            window.deliver(i, known.get());
            continue;
          }
          boolean cut = truncated.isPresent() && truncated.getAsInt() == values.length;
          vectors.add(cut ? values : Vectors.check(values, inverter.space()));
          positions.add(i);
        } else if (row instanceof Row.Malformed malformed) {
          throw new IllegalArgumentException(malformed.problem());
        }
      } catch (IllegalArgumentException e) {
        window.deliver(i, Outcome.failed(new RowException(e)));
      }
    }
    if (!vectors.isEmpty()) {
      List<Outcome> outcomes = inverter.invertAll(vectors, chosen.listener(window).build());
      for (int i = 0; i < outcomes.size(); i++) {
        window.finished(i, outcomes.get(i));
        recent.add(vectors.get(i), outcomes.get(i));
      }
    }
    window.end();
  }

  /** A row is no vector of the space. Its message speaks of the input only, never of a text. */
  static final class RowException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    RowException(IllegalArgumentException e) {
      super(e.getMessage(), e);
    }
  }

  /** Puts the outcomes of a window in order. */
  private final class Window implements InversionListener {
    private final long start;
    private final List<Row> rows;
    private final List<Integer> positions;
    private final LineSink sink;
    private final @Nullable Outcome[] waiting;
    private int next;
    private @Nullable IOException failure;

    Window(long start, List<Row> rows, List<Integer> positions, LineSink sink) {
      this.start = start;
      this.rows = rows;
      this.positions = positions;
      this.sink = sink;
      waiting = new Outcome[rows.size()];
    }

    @Override
    public void finished(int index, Outcome outcome) {
      if (!cancellation.requested() || outcome.result().map(this::isWorthALine).orElse(true)) {
        deliver(positions.get(index), outcome);
      }
    }

    private boolean isWorthALine(InversionResult result) {
      return result.stop() != StopReason.CANCELLED
          || (keepUnfinished && result.cost().embedderCalls() > 0);
    }

    synchronized void deliver(int position, Outcome outcome) {
      if (position < next || waiting[position] != null) {
        return;
      }
      waiting[position] = outcome;
      try {
        while (failure == null && next < waiting.length) {
          Outcome ready = waiting[next];
          if (ready == null) {
            return;
          }
          sink.write(lines.line(start + next, rows.get(next).place(), ready));
          waiting[next] = null;
          observer.written(start + next, ready);
          next++;
        }
      } catch (IOException e) {
        // Thrown when the inverter has returned: a listener's exception is not for it to handle.
        failure = e;
        cancellation.cancel();
      }
    }

    synchronized void end() throws IOException {
      if (failure != null) {
        throw failure;
      }
      if (next < waiting.length && !cancellation.requested()) {
        throw new IllegalStateException(
            "the inverter gave no outcome for vector " + (start + next));
      }
    }
  }
}
