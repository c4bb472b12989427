package io.vec2text.openai;

import io.vec2text.internal.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Sends batches to an endpoint as its limits and the cap allow, and again where that may help. */
final class Sender {
  private final Endpoint endpoint;
  private final Ledger ledger;
  private final RateLimits rateLimits;
  private final int retries;
  private final Backoff backoff;
  private final Clock clock;

  Sender(
      Endpoint endpoint,
      Ledger ledger,
      RateLimits rateLimits,
      int retries,
      Backoff backoff,
      Clock clock) {
    this.endpoint = endpoint;
    this.ledger = ledger;
    this.rateLimits = rateLimits;
    this.retries = retries;
    this.backoff = backoff;
    this.clock = clock;
  }

  /**
   * The vectors of a batch, one a text, in their order.
   *
   * @throws SpendingCapException if they could cost more than is left
   * @throws EndpointException if the endpoint gives none, however often it is asked
   * @throws InterruptedException if the thread was interrupted
   * @throws java.util.concurrent.CancellationException if the call was cancelled
   */
  List<float[]> send(Batch batch) throws InterruptedException {
    for (int failures = 1; ; failures++) {
      try {
        return attempt(batch);
      } catch (EndpointException e) {
        clock.park(pause(e, failures).toNanos());
      }
    }
  }

  /** How long to wait after a failure; throws it if waiting won't help. */
  private Duration pause(EndpointException e, int failures) {
    if (!e.transientFault() || retries == 0) {
      throw e;
    }
    Duration asked = e.retryAfter();
    if (asked != null && asked.compareTo(backoff.longest()) > 0) {
      throw e.because(
          String.format(
              "; it asks to wait %d s, longer than the %d s allowed",
              asked.toSeconds(), backoff.longest().toSeconds()));
    }
    if (failures > retries) {
      throw e.because("; given up after " + failures + " attempts");
    }
    return backoff.after(failures, asked, ThreadLocalRandom.current());
  }

  private List<float[]> attempt(Batch batch) throws InterruptedException {
    long bound = batch.tokens();
    long used = 0;
    ledger.reserve(bound);
    try {
      rateLimits.acquire(bound);
      // From here on, until the endpoint says otherwise, all may be billed.
      used = bound;
      Answer answer = endpoint.embed(batch.texts());
      used = answer.tokens().orElse(bound);
      rateLimits.giveBack(bound - used);
      ledger.received(batch.texts().size());
      return answer.vectors();
    } catch (EndpointException e) {
      if (!e.maybeBilled()) {
        used = 0;
      }
      throw e;
    } finally {
      ledger.settle(bound, used);
    }
  }
}
