package io.vec2text.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.Outcome;
import io.vec2text.Tokenization;
import io.vec2text.testing.ToyCorrector;
import io.vec2text.testing.ToyEmbedder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an embedder of the user's own may do wrong is told as such. */
@NullUnmarked
class BadEmbedderTest {
  enum Fault {
    NULL("the embedder gave null for "),
    NULL_VECTOR("the embedder gave null for a text for "),
    TOO_FEW("the embedder gave 0 vectors for "),
    TOO_MANY(" vectors for "),
    TOO_SHORT("a vector of dimension 3, expected ");

    private final String message;

    Fault(String message) {
      this.message = message;
    }

    float[][] of(float[][] vectors) {
      return switch (this) {
        case NULL -> null;
        case NULL_VECTOR -> new float[vectors.length][];
        case TOO_FEW -> new float[0][];
        case TOO_MANY -> Arrays.copyOf(vectors, vectors.length + 1);
        case TOO_SHORT -> new float[vectors.length][3];
      };
    }
  }

  private record Bad(ToyEmbedder toy, Fault fault) implements Embedder {
    @Override
    public EmbeddingSpace space() {
      return toy.space();
    }

    @Override
    public Optional<Tokenization> tokenization() {
      return toy.tokenization();
    }

    @Override
    public float[][] embed(List<String> texts) {
      return fault.of(toy.embed(texts));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFaultIsNamed(Fault fault) {
    ToyEmbedder toy = new ToyEmbedder();
    Embedder bad = new Bad(toy, fault);
    float[] vector = toy.embed(List.of("a"))[0];
    try (IterativeInverter inverter =
        IterativeInverter.builder(bad, new ToyCorrector(toy)).build()) {
      Outcome outcome = inverter.invertAll(List.of(vector), InversionOptions.defaults()).get(0);
      assertThat(outcome.error()).isPresent();
      assertThat(outcome.error().get()).hasMessageContaining(fault.message);
    }
  }
}
