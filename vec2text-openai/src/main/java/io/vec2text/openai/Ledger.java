package io.vec2text.openai;

/**
 * Counts what is spent, and refuses what could exceed the cap. A request reserves what it may cost
 * at most and settles what it did cost, so that requests in flight together keep the cap as well.
 */
final class Ledger {
  private final double cap;
  private final double pricePerMillion;
  private long requests;
  private long texts;
  private long tokens;
  private long reserved;
  private long cacheHits;

  Ledger(double cap, double pricePerMillion) {
    this.cap = cap;
    this.pricePerMillion = pricePerMillion;
  }

  /**
   * Sets tokens aside for a request.
   *
   * @throws SpendingCapException if they could cost more than is left
   */
  synchronized void reserve(long bound) {
    if (money(tokens + reserved + bound) > cap) {
      throw new SpendingCapException(money(tokens + reserved), cap, money(bound));
    }
    reserved += bound;
  }

  /** Replaces what was set aside by what was used. */
  synchronized void settle(long bound, long used) {
    reserved -= bound;
    tokens += used;
  }

  synchronized void sent() {
    requests++;
  }

  synchronized void received(int texts) {
    this.texts += texts;
  }

  synchronized void found(int texts) {
    cacheHits += texts;
  }

  synchronized Usage usage() {
    return new Usage(requests, texts, tokens, money(tokens), cacheHits);
  }

  private double money(long tokens) {
    return tokens * pricePerMillion / 1e6;
  }
}
