package io.vec2text.search;

import com.google.common.collect.ImmutableList;
import com.google.common.util.concurrent.AtomicLongMap;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** What becomes {@link SearchStatistics}; counted by many threads. */
final class Counters {
  private final AtomicLongMap<Origin> embedded = AtomicLongMap.create();
  private final AtomicLongMap<Origin> improved = AtomicLongMap.create();
  final LongAdder decodes = new LongAdder();
  final LongAdder embeddingNanos = new LongAdder();
  final LongAdder decodingNanos = new LongAdder();
  final LongAdder totalNanos = new LongAdder();

  void embedded(Origin origin) {
    embedded.incrementAndGet(origin);
  }

  void improved(Origin origin) {
    improved.incrementAndGet(origin);
  }

  SearchStatistics snapshot() {
    ImmutableList.Builder<SearchStatistics.Source> sources = ImmutableList.builder();
    long calls = 0;
    for (Origin o : Origin.values()) {
      long n = embedded.get(o);
      calls += n;
      sources.add(new SearchStatistics.Source(o.label(), n, improved.get(o)));
    }
    return new SearchStatistics(
        sources.build(),
        calls,
        decodes.sum(),
        Duration.ofNanos(embeddingNanos.sum()),
        Duration.ofNanos(decodingNanos.sum()),
        Duration.ofNanos(totalNanos.sum()));
  }
}
