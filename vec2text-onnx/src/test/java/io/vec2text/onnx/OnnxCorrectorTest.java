package io.vec2text.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vec2text.Cancellation;
import io.vec2text.Embedder;
import io.vec2text.InversionResult.PredictedWords;
import io.vec2text.InversionResult.WordProbability;
import io.vec2text.Vectors;
import io.vec2text.spi.Corrector;
import io.vec2text.spi.Corrector.Candidate;
import io.vec2text.spi.Corrector.Request;
import io.vec2text.spi.Decoding;
import io.vec2text.spi.Hypothesis;
import io.vec2text.spi.TokenEditScorer.Edit;
import io.vec2text.spi.TokenEditScorer.Edits;
import io.vec2text.spi.TokenEditScorer.Kind;
import io.vec2text.testing.CorrectorContract;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The trained package of all-MiniLM-L6-v2, through the contract of every corrector. */
class OnnxCorrectorTest extends CorrectorContract {
  private static final ModelPackage MODEL =
      ModelPackage.onClassPath("sentence-transformers/all-MiniLM-L6-v2");

  private static final Kept<OnnxEmbedder> EMBEDDER =
      new Kept<>(() -> OnnxEmbedder.open(MODEL, Device.CPU, 0), e -> e.embed(List.of()));
  private static final Kept<OnnxCorrector> CORRECTOR =
      new Kept<>(
          () ->
              OnnxCorrector.open(MODEL, EMBEDDER.get().tokenization().orElseThrow(), Device.CPU, 0),
          c -> c.correct(List.of(), Decoding.greedy(), new Cancellation()));

  @Override
  protected Corrector create() {
    return CORRECTOR.get();
  }

  @Override
  protected Embedder embedder() {
    return EMBEDDER.get();
  }

  @Override
  protected void release(Corrector corrector, Embedder embedder) {}

  @AfterAll
  static void closeKept() throws Exception {
    CORRECTOR.close();
    EMBEDDER.close();
  }

  @Override
  protected double tolerance() {
    return 0;
  }

  private float[] vector(String text) {
    return EMBEDDER.get().embed(List.of(text))[0];
  }

  private Request correction(String target, String hypothesis) {
    float[] t = vector(target);
    float[] h = vector(hypothesis);
    return Request.of(t, new Hypothesis(hypothesis, h, Vectors.cosine(t, h)), 5);
  }

  /** With more requests than the contract's, wider decodings, and equal probabilities. */
  @Test
  @Override
  protected void aBatchKeepsItsOrderAndEqualsSingleCalls() {
    List<Request> requests = new ArrayList<>();
    requests.add(correction("He died in London.", ""));
    for (String text :
        List.of(
            "He died in London.",
            "The museum was opened to the public in May 1923.",
            "She is the author of three novels and several plays.",
            "It rained.",
            "The band released their second album the following year.")) {
      requests.add(Request.first(vector(text), 3));
      requests.add(correction(text, "he lived in the north of london for years."));
    }
    for (Decoding decoding :
        List.of(Decoding.greedy(), new Decoding.Beam(5), new Decoding.Sample(6, 0.9))) {
      List<List<Candidate>> together =
          CORRECTOR.get().correct(requests, decoding, new Cancellation());
      for (int i = 0; i < requests.size(); i++) {
        assertThat(
                CORRECTOR
                    .get()
                    .correct(List.of(requests.get(i)), decoding, new Cancellation())
                    .get(0))
            .as("request %s, %s", i, decoding)
            .isEqualTo(together.get(i));
      }
    }
  }

  @Test
  void beamsAreAsLongAsAskedForOrAsCanBeWritten() {
    Request request = Request.first(vector("It rained."), 0);
    for (int least : List.of(12, 1000)) {
      List<Candidate> written =
          CORRECTOR
              .get()
              .correct(List.of(request), new Decoding.Beam(2, least, 2000), new Cancellation())
              .get(0);
      List<int[]> tokens =
          EMBEDDER
              .get()
              .tokenization()
              .orElseThrow()
              .encode(written.stream().map(Candidate::text).toList());
      assertThat(tokens).hasSize(2).allMatch(t -> t.length >= Math.min(least - 2, 38));
    }
  }

  @Test
  void editsNameTheWrongWord() {
    Request request = correction("She was born in Paris.", "she was born in banana.");
    Edits edits = CORRECTOR.get().edits(List.of(request), 40, 12).get(0);
    assertThat(edits.tokens()).hasSize(6);
    int paris = EMBEDDER.get().tokenization().orElseThrow().encode(List.of("paris")).get(0)[0];
    assertThat(of(edits, Kind.SUBSTITUTE).limit(5))
        .anyMatch(e -> e.position() == 4 && e.token() == paris);
    assertThat(of(edits, Kind.DELETE)).hasSize(6);
    assertThat(of(edits, Kind.INSERT)).hasSize(12);
  }

  private static Stream<Edit> of(Edits edits, Kind kind) {
    return edits.edits().stream().filter(e -> e.kind() == kind);
  }

  @Test
  void editsNeedAHypothesis() {
    Request request = Request.first(vector("a"), 0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CORRECTOR.get().edits(List.of(request), 4, 4))
        .withMessageContaining("no hypothesis");
  }

  @Test
  void theBagKnowsTheWordsOfAShortTextAndTheLengthOfALongOne() {
    String passage =
        "The river rises in the hills north of the town and flows south through a narrow valley"
            + " before it reaches the sea. Its mill was built by the monks of the abbey in the"
            + " twelfth century, and it ground the corn of three parishes until the railway came."
            + " In 1851 the company bought the land along the eastern bank, moved the bed of the"
            + " stream by a hundred yards and laid its tracks where the fish ponds had been. The"
            + " station, a plain building of yellow brick, was closed in 1964; today it houses a"
            + " small museum that shows tools, photographs and the last wheel of the mill.";
    List<PredictedWords> read =
        CORRECTOR.get().predict(List.of(vector("The king died in Paris."), vector(passage)), 20);
    assertThat(read.get(0).words())
        .hasSize(20)
        .isSortedAccordingTo((a, b) -> Double.compare(b.probability(), a.probability()))
        .extracting(WordProbability::word)
        .contains("king", "paris");
    assertThat(read.get(0).exceedsSupportedLength()).isFalse();
    assertThat(read.get(0).tokens()).isBetween(4, 12);
    assertThat(read.get(1).exceedsSupportedLength()).isTrue();
  }
}
