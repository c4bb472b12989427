package io.vec2text.openai;

import io.vec2text.internal.Retries;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Sends batches to an endpoint as its limits and the cap allow, and again where that may help. */
final class Sender {
  private final Endpoint endpoint;
  private final Ledger ledger;
  private final RateLimits rateLimits;
  private final Retries retries;
  private final Clock clock;

  Sender(Endpoint endpoint, Ledger ledger, RateLimits rateLimits, Retries retries, Clock clock) {
    this.endpoint = endpoint;
    this.ledger = ledger;
    this.rateLimits = rateLimits;
    this.retries = retries;
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
    if (!e.transientFault()) {
      throw e;
    }
    Optional<String> givenUp = retries.givenUp(failures, e.retryAfter());
    if (givenUp.isPresent()) {
      throw e.because(givenUp.get());
    }
    return retries.pause(failures, e.retryAfter());
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
