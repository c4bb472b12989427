package io.vec2text.openai;

import io.vec2text.Cancellation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes only by waiting, at once. Answers of endpoints take none. */
final class FakeClock extends Clock {
  private final AtomicLong now = new AtomicLong();
  private final List<Duration> waits = Collections.synchronizedList(new ArrayList<>());

  FakeClock() {
    super(new Cancellation());
  }

  /** What was waited for so far. */
  List<Duration> waits() {
    return waits;
  }

  @Override
  public long currentTimeNanos() {
    return now.get();
  }

  @Override
  public void park(long nanos) {
    waits.add(Duration.ofNanos(nanos));
    now.addAndGet(nanos);
  }
}
