package io.vec2text.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.testing.ToyCorrector;
import io.vec2text.testing.ToyEmbedder;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** One search to the letter, so that a change that should change nothing shows that it doesn't. */
class GoldenTraceTest {
  private static final List<String> TRACE =
      List.of(
          "6 0.7339 the and",
          "22 0.8267 the and old the a",
          "38 0.8546 the garden the sang and old the a",
          "54 0.8955 the loved the dog and old the a in",
          "70 0.8995 the garden the dog loved sang and the old the a in",
          "86 0.9038 and the dog loved king the sang the old the a in",
          "102 0.9038 and the dog loved king the sang the old the a in",
          "118 0.9124 and the dog loved king the sang the old the garden a in",
          "134 0.9179 and the dog loved king the small old the sang the garden a in",
          "150 0.9224 and the dog loved king the small old the loved dog the closed a in");

  @Test
  void aSearchTakesTheSameWayAsEver() {
    ToyEmbedder embedder = new ToyEmbedder();
    float[] vector =
        embedder.embed(List.of("the old king loved the sea and a small dog slept in the snow"))[0];
    try (IterativeInverter inverter =
        IterativeInverter.builder(
                embedder,
                new ToyCorrector(embedder, (beforeLast, last, next) -> -((last + next) & 3)))
            .threads(1)
            .build()) {
      InversionResult result =
          inverter.invert(
              vector, InversionOptions.builder().maxEmbeddings(150).trace(true).build());
      assertThat(result.trace())
          .extracting(
              r ->
                  String.format(Locale.ROOT, "%d %.4f %s", r.embedderCalls(), r.cosine(), r.text()))
          .isEqualTo(TRACE);
    }
  }
}
