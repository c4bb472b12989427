package io.vec2text.search;

import io.vec2text.InversionOptions;
import java.time.Duration;
import java.util.List;

/**
 * When a call of an inverter ends early, and the time that it charges to its targets. For the
 * caller's thread, but for {@link #cancelled}.
 */
final class CallLimits {
  private final InversionOptions options;
  private final Thread caller = Thread.currentThread();
  private final long timeLimitNanos;
  private long chargedNanos;
  private volatile boolean interrupted;

  CallLimits(InversionOptions options) {
    this.options = options;
    timeLimitNanos = options.timeLimit().map(CallLimits::saturatedNanos).orElse(Long.MAX_VALUE);
  }

  private static long saturatedNanos(Duration d) {
    return d.compareTo(Duration.ofNanos(Long.MAX_VALUE)) < 0 ? d.toNanos() : Long.MAX_VALUE;
  }

  /** Whether to stop. Remembers an interrupt of the caller, should a model swallow it. */
  boolean cancelled() {
    if (caller.isInterrupted()) {
      interrupted = true;
    }
    return interrupted || options.cancellation().requested();
  }

  /** Whether the caller was interrupted at any time. */
  boolean interrupted() {
    return interrupted;
  }

  /** Whether a target has used up the time allowed to it. */
  boolean overdue(Target target) {
    return target.budget().workNanos() >= timeLimitNanos;
  }

  /** Whether a target may ask a model. Its first embedding is due however late it is. */
  boolean allow(Target target) {
    return target.live() && (target.pool().size() == 0 || !overdue(target));
  }

  /** Charges time to targets in equal parts; one that is listed twice has two of them. */
  void charge(List<Target> targets, long nanos) {
    chargedNanos += nanos;
    targets.forEach(t -> t.budget().charge(nanos / targets.size()));
  }

  /** The time charged so far, to all targets together. */
  long chargedNanos() {
    return chargedNanos;
  }
}
