package io.vec2text.eval.internal.defence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.eval.EvaluationSet;
import io.vec2text.testing.ToyEmbedder;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SentenceDrawTest {
  private final ToyEmbedder embedder = new ToyEmbedder();

  @Test
  void cutsDocumentsIntoSentencesOfFourTo32Tokens() {
    assertThat(
            SentenceDraw.of(
                    "docs",
                    List.of(
                        "The old cat slept.  The dog ran over\n the red house! It ran.",
                        "no marks and in lower case",
                        "in lower case it ends . here it goes on.",
                        "THE OLD CAT SLEPT."),
                    embedder,
                    1,
                    50,
                    1)
                .all()
                .texts())
        .containsExactlyInAnyOrder(
            "The old cat slept.",
            "The dog ran over the red house!",
            "no marks and in lower case",
            "in lower case it ends .",
            "here it goes on.");
  }

  @Test
  void targetsAreInTwoBucketsAndNotKnown() {
    Random random = new Random(4);
    String[] documents =
        IntStream.range(0, 200)
            .mapToObj(i -> ToyEmbedder.text(4 + (i + 20) % 29, random) + ".")
            .toArray(String[]::new);
    SentenceDraw draw = SentenceDraw.of("docs", List.of(documents), embedder, 7, 64, 1);
    assertThat(draw.targets().buckets()).containsExactly("4-16", "17-32");
    for (EvaluationSet.Entry entry : draw.targets().entries()) {
      int tokens =
          embedder.tokenization().orElseThrow().encode(List.of(entry.text())).get(0).length;
      assertThat(tokens <= 16).isEqualTo(entry.bucket().equals("4-16"));
    }
    assertThat(draw.targets().size()).isEqualTo(14);
    assertThat(draw.known()).hasSize(64).doesNotContainAnyElementsOf(draw.targets().texts());
    assertThat(SentenceDraw.of("docs", List.of(documents), embedder, 7, 64, 1).all().texts())
        .isEqualTo(draw.all().texts());
    assertThat(SentenceDraw.of("docs", List.of(documents), embedder, 7, 64, 2).known())
        .isNotEqualTo(draw.known());
    assertThat(draw).hasToString("docs (14 texts), 64 known");
  }

  @Test
  void countsWordsWhereNoTokensShow() {
    Embedder plain =
        new Embedder() {
          @Override
          public EmbeddingSpace space() {
            return EmbeddingSpace.of("plain", 2);
          }

          @Override
          public float[][] embed(List<String> texts) {
            return new float[texts.size()][2];
          }
        };
    assertThat(
            SentenceDraw.of("docs", List.of("One two three. A b c d. E f g h."), plain, 1, 1, 0)
                .all()
                .texts())
        .containsExactlyInAnyOrder("A b c d.", "E f g h.");
  }

  @Test
  void tooFewSentencesAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                SentenceDraw.of(
                    "docs", List.of("The old cat slept.", "It ran."), embedder, 5, 5, 1))
        .withMessage(
            "docs holds 1 different sentences of 4 to 32 tokens, 1 of them to invert; expected at"
                + " least 1 to invert and 1 more to know");
  }
}
