package io.vec2text.search;

import io.vec2text.Cancellation;
import io.vec2text.EmbeddingSpace;
import io.vec2text.spi.Corrector;
import io.vec2text.spi.Decoding;
import io.vec2text.testing.ToyEmbedder;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * A corrector that follows a script.
 *
 * @param script texts for a request and a number of them
 */
record Scripted(BiFunction<Corrector.Request, Integer, List<String>> script) implements Corrector {

  /** Writes texts that were never written before: numbers. */
  static Scripted fresh() {
    AtomicInteger next = new AtomicInteger();
    return new Scripted(
        (request, n) ->
            IntStream.range(0, n).mapToObj(i -> "text " + next.getAndIncrement()).toList());
  }

  @Override
  public EmbeddingSpace space() {
    return ToyEmbedder.SPACE;
  }

  @Override
  public List<List<Candidate>> correct(
      List<Request> requests, Decoding decoding, Cancellation cancellation) {
    return requests.stream()
        .map(
            r ->
                script.apply(r, decoding.count()).stream()
                    .map(text -> new Candidate(text, -1))
                    .toList())
        .toList();
  }
}
