package io.vec2text.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.vec2text.Cancellation;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.StopReason;
import io.vec2text.Verdict;
import io.vec2text.spi.Corrector;
import io.vec2text.spi.Corrector.Candidate;
import io.vec2text.spi.Decoding;
import io.vec2text.spi.Hypothesis;
import io.vec2text.testing.ToyEmbedder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The defects that {@link Search#published} is to keep, and the others do without. */
class PublishedSearchTest {
  private static final String TEXT = "the old king loved the sea";

  private static InversionResult invert(Corrector corrector, Search search) {
    ToyEmbedder embedder = new ToyEmbedder();
    try (IterativeInverter inverter =
        IterativeInverter.builder(embedder, corrector).search(search).build()) {
      return inverter.invert(
          embedder.embed(List.of(TEXT))[0], InversionOptions.builder().trace(true).build());
    }
  }

  @Test
  void theLastHypothesisIsReturnedHoweverBadItIs() {
    Scripted worse =
        new Scripted(
            (request, n) ->
                request.hypothesis() == null
                    ? List.of("the old king loved the ship")
                    : List.of(request.hypothesis().text() + " dog"));
    InversionResult r = invert(worse, Search.published(2, 1));
    assertThat(r.text()).isEqualTo("the old king loved the ship dog dog");
    assertThat(r.cosine()).isEqualTo(r.alternatives().get(0).cosine());
    assertThat(r.trace())
        .extracting(InversionResult.Round::text)
        .containsExactly(
            "the old king loved the ship",
            "the old king loved the ship dog",
            "the old king loved the ship dog dog");
    assertThat(invert(worse, Search.greedy(2)).text()).isEqualTo("the old king loved the ship");
  }

  @Test
  void itGoesOnWhenTheTextWasFound() {
    Scripted found =
        new Scripted((request, n) -> List.of(request.hypothesis() == null ? TEXT : "a dog"));
    InversionResult r = invert(found, Search.published(1, 1));
    assertThat(r.text()).isEqualTo("a dog");
    assertThat(r.stop()).isEqualTo(StopReason.BUDGET);
    assertThat(invert(found, Search.greedy(1)).verdict()).isEqualTo(Verdict.EXACT);
  }

  @Test
  void aTextWrittenAsOtherTokensTakesAPlaceOfItsOwnAndIsCorrectedAsThese() {
    List<List<Integer>> corrected = new ArrayList<>();
    Corrector twice =
        new Spelling(
            hypothesis -> {
              if (hypothesis != null) {
                corrected.add(hypothesis.tokens());
              }
              return List.of(
                  new Candidate("a dog", -1, List.of(1, 2)),
                  new Candidate("a dog", -2, List.of(3)),
                  new Candidate("a dog", -3, List.of(3)));
            });
    invert(twice, Search.published(2, 2));
    // The guess, and then the two that are different.
    assertThat(corrected).containsExactly(List.of(1, 2), List.of(3));
    corrected.clear();
    invert(twice, Search.sequenceBeam(2, 2));
    assertThat(corrected).containsExactly(List.of());
  }

  @Test
  void textsMayBeLongerThanTheEmbedderReads() {
    List<Decoding> decodings = new ArrayList<>();
    Corrector noting =
        new Spelling(h -> List.of(new Candidate(h == null ? "a" : h.text() + " b", -1)), decodings);
    invert(noting, Search.published(1, 3));
    invert(noting, Search.published(0, 1));
    invert(noting, Search.sequenceBeam(1, 3));
    int limit = ToyEmbedder.SPACE.tokenLimit();
    assertThat(decodings)
        .containsExactly(
            Decoding.greedy(),
            new Decoding.Beam(3),
            new Decoding.Beam(1, 0, Integer.MAX_VALUE),
            new Decoding.Beam(1, 0, limit),
            new Decoding.Beam(3, 0, limit));
  }

  /** Writes candidates that carry tokens. */
  private record Spelling(Script script, List<Decoding> decodings) implements Corrector {
    Spelling(Script script) {
      this(script, new ArrayList<>());
    }

    @Override
    public EmbeddingSpace space() {
      return ToyEmbedder.SPACE;
    }

    @Override
    public List<List<Candidate>> correct(
        List<Request> requests, Decoding decoding, Cancellation cancellation) {
      decodings.add(decoding);
      return requests.stream().map(r -> script.write(r.hypothesis())).toList();
    }
  }

  private interface Script {
    List<Candidate> write(@Nullable Hypothesis hypothesis);
  }
}
