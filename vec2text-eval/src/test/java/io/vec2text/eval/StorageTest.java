package io.vec2text.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vec2text.InversionOptions;
import io.vec2text.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StorageTest {
  private static final float[] VECTOR = {0.5f, -0.5f, 0.1f, -0.7f};

  @Test
  void keepsTheSignsOrTheFirstComponents() {
    assertThat(Storage.parse("binary").keep(VECTOR)).containsExactly(.5f, -.5f, .5f, -.5f);
    assertThat(Storage.parse("truncate:3").keep(VECTOR)).containsExactly(.5f, -.5f, .1f, 0);
    assertThat(Storage.parse("FLOAT32").keep(VECTOR)).isEqualTo(VECTOR);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"float32", "float16", "bfloat16", "int8", "binary", "truncate:1", "truncate:192"})
  void isReadBackFromItsName(String name) {
    assertThat(Storage.parse(name)).hasToString(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "int4", "truncate", "truncate:", "truncate:0", "truncate:x", "first"})
  void refusesOtherNames(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Storage.parse(name))
        .withMessage("storage must be " + Storage.FORMS + ", was \"" + name + "\"");
  }

  @Test
  void moreComponentsThanThereAreCannotBeLeft() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Storage.parse("truncate:4").keep(VECTOR))
        .withMessage("truncate:4: vectors have 4 components, expected more");
  }

  @ParameterizedTest
  @ValueSource(strings = {"float32", "binary", "truncate:20"})
  void theInverterSeesWhatIsLeftAndTheCosineIsThatOfTheWholeVectors(String name) {
    Storage storage = Storage.parse(name);
    WordEmbedder embedder = new WordEmbedder();
    FixedInverter inverter =
        new FixedInverter(embedder.space(), List.of("A dog ran to the gate"), Verdict.EXACT);
    EvaluationSet set =
        EvaluationSet.of("one", List.of(new EvaluationSet.Entry("all", "a dog ran to the gate")));
    Evaluation evaluation =
        new Evaluator(embedder, storage, 1, Map.of())
            .run("fixed", inverter, set, InversionOptions.defaults());
    assertThat(evaluation.rows().get(0).cosine().mean()).isGreaterThan(0.99999);
    assertThat(evaluation.provenance().storage()).isEqualTo(storage);
    assertThat(inverter.seen()).containsExactly(storage.keep(embedder.embed(set.texts())[0]));
    assertThat(inverter.options().truncated()).isEqualTo(storage.left());
  }
}
