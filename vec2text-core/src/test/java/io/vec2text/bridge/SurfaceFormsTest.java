package io.vec2text.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import io.vec2text.Vectors;
import io.vec2text.Verdict;
import io.vec2text.internal.WordsAndMarks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SurfaceFormsTest {
  private static final EmbeddingSpace SPACE = EmbeddingSpace.of("toy/cased", 64);

  private static final List<String> TEXTS =
      List.of(
          "In May the city of Berlin was quiet.",
          "It may rain in Berlin.",
          "We may go to the sea.",
          "The NASA budget and the NASA probe.");

  /** A sum of random directions, one for each piece between spaces, and of its parts. */
  private static final class Toy implements Embedder {
    private final boolean cased;
    private int embedded;

    Toy(boolean cased) {
      this.cased = cased;
    }

    @Override
    public EmbeddingSpace space() {
      return SPACE;
    }

    @Override
    public float[][] embed(List<String> texts) {
      embedded += texts.size();
      return texts.stream().map(this::embed).toArray(float[][]::new);
    }

    private float[] embed(String text) {
      float[] sum = new float[SPACE.dimension()];
      String read = cased ? text : text.toLowerCase(Locale.ROOT);
      for (String piece : Splitter.on(' ').split(read)) {
        sum = Vectors.add(sum, direction(piece));
      }
      for (String word : Splitter.onPattern("\\W+").split(text.toLowerCase(Locale.ROOT))) {
        sum = Vectors.add(sum, direction(word));
      }
      return Vectors.unit(sum);
    }

    private static float[] direction(String piece) {
      Random random = new Random(piece.hashCode());
      float[] direction = new float[SPACE.dimension()];
      for (int i = 0; i < direction.length; i++) {
        direction[i] = (float) random.nextGaussian();
      }
      return direction;
    }
  }

  /** Finds always the same text. */
  private record Fixed(String text, Embedder oracle) implements Inverter {
    @Override
    public EmbeddingSpace space() {
      return SPACE;
    }

    @Override
    public List<Outcome> invertAll(List<float[]> vectors, InversionOptions options) {
      List<Outcome> outcomes = new ArrayList<>();
      for (float[] vector : vectors) {
        double cosine = Vectors.cosine(vector, oracle.embed(List.of(text))[0]);
        outcomes.add(
            Outcome.of(
                InversionResult.builder()
                    .text(text)
                    .cosine(cosine)
                    .verdict(Verdict.of(cosine))
                    .words(
                        WordsAndMarks.of(text).stream()
                            .map(w -> new InversionResult.WordProbability(w, 0.5))
                            .toList())
                    .alternatives(List.of(new InversionResult.Alternative(text, cosine)))
                    .trace(List.of(new InversionResult.Round(50, Duration.ZERO, text, cosine)))
                    .cost(new InversionResult.Cost(50, 0, Duration.ZERO))
                    .build()));
        options.listener().finished(outcomes.size() - 1, outcomes.get(outcomes.size() - 1));
      }
      return outcomes;
    }
  }

  @Test
  void aWordGetsTheCaseThatItUsuallyHas() {
    Truecaser truecaser = Truecaser.of(TEXTS);

    assertThat(truecaser.apply("the nasa office in berlin may close. we know."))
        .isEqualTo("The NASA office in Berlin may close. We know.");
    assertThat(truecaser.apply("May, already")).isEqualTo("May, already");
    assertThat(truecaser.apply("")).isEmpty();
  }

  @Test
  void caseAndSpacingOfAFoundTextAreFound() {
    String original = "In MAY the (old) city of Berlin, at 7%, was NASA's.";
    Toy embedder = new Toy(true);
    SurfaceForms forms = SurfaceForms.of(embedder, TEXTS);
    String found = "in may the ( old ) city of berlin, at 7 %, was nasa's.";
    Inverter inverter = forms.inverter(new Fixed(found, forms.usualForms(embedder)), embedder, 0);
    float[] target = embedder.embed(List.of(original))[0];
    List<String> heard = new ArrayList<>();
    InversionOptions.Builder options =
        InversionOptions.builder()
            .maxEmbeddings(400)
            .listener((i, outcome) -> heard.add(outcome.orThrow().text()));

    InversionResult result = inverter.invert(target, options.build());

    assertThat(result.text()).isEqualTo(original);
    assertThat(result.verdict()).isEqualTo(Verdict.EXACT);
    assertThat(result.cost().embedderCalls()).isBetween(51, 400);
    assertThat(heard).containsExactly(original);
    assertThat(result.words()).extracting(w -> w.word()).isEqualTo(WordsAndMarks.of(original));
    assertThat(result.words()).allMatch(w -> w.probability() == 1);

    embedder.embedded = 0;
    InversionResult poor = inverter.invert(target, options.maxEmbeddings(55).build());
    assertThat(poor.text()).isEqualTo("In may the ( old ) city of Berlin, at 7 %, was NASA's.");
    assertThat(poor.alternatives().get(0).text()).isEqualTo(poor.text());
    assertThat(poor.trace().get(0).text()).isEqualTo(poor.text());
    assertThat(poor.cost().embedderCalls()).isEqualTo(50);
    assertThat(embedder.embedded).as("the one of the inverter itself").isEqualTo(1);
  }

  @Test
  void anEmbedderThatDoesNotSeeCaseGetsTextsAsTheyAre() {
    Toy embedder = new Toy(false);
    SurfaceForms forms = SurfaceForms.of(embedder, TEXTS);

    assertThat(forms.usual("he lives in berlin")).isEqualTo("he lives in berlin");
    assertThat(SurfaceForms.mayMatter(embedder)).as("nobody can know").isTrue();
    assertThat(embedder.embedded).isEqualTo(2);
  }
}
