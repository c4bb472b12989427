package io.vec2text.cli;

import io.vec2text.Verdict;
import java.time.Duration;
import java.util.OptionalLong;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Shows how far a run is, on standard error. */
final class Progress implements AutoCloseable {
  private static final int WIDTH = 100;
  private static final int LINE_MILLIS = 10_000;

  private final @Nullable ProgressBar bar;

  private Progress(@Nullable ProgressBar bar) {
    this.bar = bar;
  }

  /** Shows nothing. */
  static Progress none() {
    return new Progress(null);
  }

  /**
   * Shows what is wanted.
   *
   * @param task what is done
   * @param terminal whether there is a terminal to draw a bar on
   * @param asked whether to write lines where there is none
   * @param rows how many vectors there are, if that is known
   * @param start how many are done already
   */
  static Progress of(String task, boolean terminal, boolean asked, OptionalLong rows, long start) {
    if (!terminal && !asked) {
      return none();
    }
    ProgressBarBuilder bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(rows.orElse(-1))
            .setStyle(ProgressBarStyle.ASCII)
            .startsFrom(start, Duration.ZERO);
    if (terminal) {
      bar.setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH));
    } else {
      bar.setUpdateIntervalMillis(LINE_MILLIS)
          .setConsumer(new DelegatingProgressBarConsumer(System.err::println, WIDTH));
    }
    return new Progress(bar.build());
  }

  /** A further vector is done. */
  void step(Tally tally) {
    if (bar != null) {
      bar.step();
      bar.setExtraMessage(
          " %d exact, %d close".formatted(tally.count(Verdict.EXACT), tally.count(Verdict.CLOSE)));
    }
  }

  /** So many of so many are done. */
  void at(int done, int all) {
    if (bar != null) {
      bar.maxHint(all);
      bar.stepTo(done);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
