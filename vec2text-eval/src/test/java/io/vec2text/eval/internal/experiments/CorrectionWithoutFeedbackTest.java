package io.vec2text.eval.internal.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import io.vec2text.Cancellation;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.Inverter;
import io.vec2text.StopReason;
import io.vec2text.spi.Corrector;
import io.vec2text.spi.Decoding;
import io.vec2text.testing.InverterContract;
import io.vec2text.testing.ToyCorrector;
import io.vec2text.testing.ToyEmbedder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CorrectionWithoutFeedbackTest extends InverterContract {
  private final ToyEmbedder embedder = new ToyEmbedder();
  private final List<float[]> vectors =
      Arrays.asList(embedder.embed(List.of("the cat slept", "a red ship", "king of the sea")));

  @Override
  protected Inverter create() {
    return new CorrectionWithoutFeedback(new ToyCorrector(embedder), 3, 2);
  }

  @Override
  protected List<float[]> vectors() {
    return vectors;
  }

  /** Numbers its texts, and makes 1 of 0, 2 of 1 and so on up to 4. */
  private static final class Counting implements Corrector {
    private final List<Request> requests = new ArrayList<>();

    @Override
    public EmbeddingSpace space() {
      return ToyEmbedder.SPACE;
    }

    @Override
    public List<List<Candidate>> correct(
        List<Request> asked, Decoding decoding, Cancellation cancellation) {
      requests.addAll(asked);
      return asked.stream()
          .map(
              request -> {
                int next =
                    request.hypothesis() == null
                        ? 0
                        : Math.min(4, 1 + Integer.parseInt(request.hypothesis().text()));
                return List.of(
                    new Candidate(String.valueOf(next), -2),
                    new Candidate("0", -1.0 - decoding.count()));
              })
          .toList();
    }
  }

  @Test
  void theCorrectorSeesTheTargetInPlaceOfTheHypothesis() {
    Counting corrector = new Counting();
    InversionResult result = new CorrectionWithoutFeedback(corrector, 3, 2).invert(vectors.get(0));
    assertThat(result.text()).isEqualTo("3");
    assertThat(result.cost().embedderCalls()).isZero();
    assertThat(result.stop()).isEqualTo(StopReason.BUDGET);
    assertThat(corrector.requests.get(0).hypothesis()).isNull();
    assertThat(corrector.requests).hasSizeGreaterThan(1);
    assertThat(corrector.requests.subList(1, corrector.requests.size()))
        .allSatisfy(r -> assertThat(r.hypothesis().vector()).isSameAs(r.target()));
  }

  @Test
  void asksForNoCorrectionTwiceAndEndsWhereNothingChanges() {
    Counting corrector = new Counting();
    InversionResult result = new CorrectionWithoutFeedback(corrector, 50, 1).invert(vectors.get(0));
    assertThat(result.text()).isEqualTo("4");
    assertThat(result.stop()).isEqualTo(StopReason.STALLED);
    assertThat(corrector.requests).as("the first guess, and corrections of 0 to 4").hasSize(6);
  }

  @Test
  void theEmbedderIsNeverAsked() {
    long before = embedder.embedded();
    create().invertAll(vectors, InversionOptions.defaults());
    assertThat(embedder.embedded()).isEqualTo(before);
  }
}
