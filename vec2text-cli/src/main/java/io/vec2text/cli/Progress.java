package io.vec2text.cli;

import io.vec2text.Verdict;
import java.time.Duration;
import java.util.OptionalLong;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Shows how far a run is, on standard error. */
final class Progress implements AutoCloseable {
  private static final int WIDTH = 100;

  private final @Nullable ProgressBar bar;

  private Progress(@Nullable ProgressBar bar) {
    this.bar = bar;
  }

  /** Shows nothing. */
  static Progress none() {
    return new Progress(null);
  }

  /** A bar. */
  static Progress bar(OptionalLong rows, long start) {
    return new Progress(
        new ProgressBarBuilder()
            .setTaskName("invert")
            .setInitialMax(rows.orElse(-1))
            .setStyle(ProgressBarStyle.ASCII)
            .setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH))
            .startsFrom(start, Duration.ZERO)
            .build());
  }

  /** A further vector is done. */
  void step(Tally tally) {
    if (bar != null) {
      bar.step();
      bar.setExtraMessage(
          " %d exact, %d close".formatted(tally.count(Verdict.EXACT), tally.count(Verdict.CLOSE)));
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
