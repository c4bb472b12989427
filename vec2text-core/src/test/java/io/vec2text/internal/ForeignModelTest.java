package io.vec2text.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.vec2text.EmbeddingSpace;
import io.vec2text.EmbeddingSpace.Pooling;
import io.vec2text.InferenceException;
import io.vec2text.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForeignModelTest {
  private static final EmbeddingSpace SPACE = EmbeddingSpace.of("m", 2);

  private final List<List<String>> calls = new ArrayList<>();

  private ForeignModel model(EmbeddingSpace space, int maxTexts) {
    return new ForeignModel(
        "lib",
        space,
        maxTexts,
        texts -> {
          calls.add(texts);
          return texts.stream().map(t -> new float[] {3, t.length()}).toList();
        });
  }

  private static ForeignModel giving(float[]... vectors) {
    return new ForeignModel("lib", SPACE, 9, texts -> Arrays.asList(vectors));
  }

  @Test
  void sendsTextsInCallsOfLimitedSizeAndKeepsTheirOrder() {
    float[][] vectors = model(SPACE, 2).embed(List.of("a", "bb", "ccc", "dddd", "eeeee"));
    assertThat(calls).containsExactly(List.of("a", "bb"), List.of("ccc", "dddd"), List.of("eeeee"));
    assertThat(vectors.length).isEqualTo(5);
    assertThat(vectors[4][1] / vectors[4][0]).isCloseTo(5 / 3f, within(1e-6f));
    assertThat(model(SPACE, 2).embed(List.of()).length).isZero();
  }

  @Test
  void scalesVectorsToUnitLengthOnlyInSpacesThatAreNormalized() {
    assertThat(Vectors.norm(model(SPACE, 9).embed(List.of("four"))[0])).isCloseTo(1, within(1e-6));
    EmbeddingSpace any = new EmbeddingSpace("m", "", 2, Pooling.UNKNOWN, false, "", 512);
    assertThat(model(any, 9).embed(List.of("four"))[0]).containsExactly(3, 4);
  }

  @Test
  void putsThePrefixBeforeTextsAndSendsNoBlankOnesNorHalfCharacters() {
    EmbeddingSpace space = new EmbeddingSpace("m", "", 2, Pooling.UNKNOWN, true, "q: ", 512);
    model(space, 9).embed(List.of("", "a"));
    model(SPACE, 9).embed(List.of("", " \n", "a\ud83db"));
    assertThat(calls).containsExactly(List.of("q: ", "q: a"), List.of("\u00a0", "\u00a0", "a?b"));
  }

  @Test
  void saysInOneLineWhatIsWrongWithAnAnswer() {
    List<String> texts = List.of("a secret", "b");
    String start = "lib's model of m";
    assertThatExceptionOfType(InferenceException.class)
        .isThrownBy(() -> giving(new float[] {1, 2}).embed(texts))
        .withMessage(start + " gave 1 vectors, expected one for each of 2 texts");
    assertThatExceptionOfType(InferenceException.class)
        .isThrownBy(() -> new ForeignModel("lib", SPACE, 9, t -> null).embed(texts))
        .withMessage(start + " gave no vectors, expected one for each of 2 texts");
    assertThatExceptionOfType(InferenceException.class)
        .isThrownBy(() -> giving(new float[] {1, 2}, new float[3]).embed(texts))
        .withMessage(start + ", text 2 of 2: vector has dimension 3, but m has dimension 2");
    assertThatExceptionOfType(InferenceException.class)
        .isThrownBy(() -> giving(new float[] {1, Float.NaN}, new float[2]).embed(texts))
        .withMessageContaining("text 1 of 2: component 1 of the vector is NaN");
    assertThatExceptionOfType(InferenceException.class)
        .isThrownBy(() -> giving(null, new float[2]).embed(texts))
        .withMessageContaining("text 1 of 2: the vector is null");
    assertThatExceptionOfType(InferenceException.class)
        .isThrownBy(
            () ->
                new ForeignModel(
                        "lib",
                        SPACE,
                        9,
                        t -> {
                          throw new IllegalStateException("can't embed '" + t.get(0) + "'");
                        })
                    .embed(texts))
        .withMessage(start + " failed on 2 texts: java.lang.IllegalStateException");
  }

  @Test
  void refusesWhatIsNoSpace() {
    assertThat(ForeignModel.space("m", 2)).isEqualTo(SPACE);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ForeignModel.space("m", 0))
        .withMessageContaining("the model states 0 as its dimension");
    assertThatIllegalArgumentException().isThrownBy(() -> model(SPACE, 0));
  }

  @Test
  void aClosedOneServesNobody() {
    ForeignModel model = model(SPACE, 1);
    model.close();
    model.close();
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> model.embed(List.of("a")))
        .withMessage("embedder of m is closed");
  }
}
