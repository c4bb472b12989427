package io.vec2text.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vec2text.Vectors;
import io.vec2text.onnx.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CausalModelTest {
  private static CausalModel model;

  @BeforeAll
  static void open() {
    model = Toy.open();
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void statesAreThoseOfPytorchOverTheWholeText() throws IOException {
    List<Toy.Expected> expected = Toy.expected();
    float[][] states = model.states(expected.stream().map(Toy.Expected::prompt).toList());
    for (int i = 0; i < states.length; i++) {
      assertThat(model.tokenization().encode(List.of(expected.get(i).prompt())).get(0))
          .isEqualTo(expected.get(i).ids());
      assertThat(Vectors.norm(Vectors.subtract(states[i], expected.get(i).state())))
          .isLessThan(1e-4);
    }
  }

  @Test
  void distributionsAreThoseOfPytorch() throws IOException {
    for (Toy.Expected expected : Toy.expected()) {
      NextTokenDistribution found = model.distribution(expected.prompt());
      assertThat(found.isFull()).isTrue();
      for (int i = 0; i < found.vocabulary(); i++) {
        assertThat(found.logProbabilities().get(i))
            .isCloseTo(expected.logProbabilities()[i], within(1e-4));
      }
    }
  }

  @Test
  void aBatchGivesWhatSinglePromptsGive() throws IOException {
    List<String> prompts = Toy.prompts().subList(0, 20);
    float[][] together = model.states(prompts);
    for (int i = 0; i < together.length; i++) {
      assertThat(
              Vectors.norm(Vectors.subtract(together[i], model.states(List.of(prompts.get(i)))[0])))
          .isLessThan(1e-4);
    }
  }

  @Test
  void anAnswerHasTheMostProbableTokens() throws IOException {
    String prompt = Toy.prompts().get(0);
    String one = model.answer(prompt, 1);
    NextTokenDistribution next = model.distribution(prompt);
    int best = 0;
    for (int i = 1; i < next.vocabulary(); i++) {
      best = next.logProbabilities().get(i) > next.logProbabilities().get(best) ? i : best;
    }
    assertThat(one).isEqualTo(model.tokenization().decode(new int[] {best}));
    assertThat(model.answer(prompt, 6)).startsWith(one).isEqualTo(model.answer(prompt, 6));
    assertThatThrownBy(() -> model.answer(prompt, 0))
        .hasMessageContaining("maxTokens must be at least 1");
  }

  @Test
  void answersAreDrawnByTheirProbability() throws IOException {
    String prompt = Toy.prompts().get(0);
    List<String> drawn = model.samples(prompt, 40, 2, 7);
    assertThat(drawn).hasSize(40).isEqualTo(model.samples(prompt, 40, 2, 7));
    assertThat(drawn).isNotEqualTo(model.samples(prompt, 40, 2, 8));
    assertThat(drawn.stream().distinct().count()).isGreaterThan(1);
    assertThatThrownBy(() -> model.samples(prompt, 0, 2, 7))
        .hasMessageContaining("count must be at least 1");
  }

  @Test
  void whoAsksGetsOneLine() throws IOException {
    PromptRequests requests = new PromptRequests(model, 6);
    FewShotGuess guess = new FewShotGuess(model, model::answer, 6);
    String prompt = Toy.prompts().get(0);
    for (int i = 0; i < requests.size(); i++) {
      assertThat(requests.answer(prompt, i)).doesNotContain("\n");
    }
    assertThat(guess.guess(model.distribution(prompt))).doesNotContain("\n");
    assertThatThrownBy(() -> guess.guess(model.distribution(prompt).top(5)))
        .hasMessageContaining("expected a whole distribution");
    assertThatThrownBy(() -> requests.answer(prompt, requests.size()))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void packagesThatAreNoneOrDamagedAreNamed(@TempDir Path folder) throws IOException {
    assertThatThrownBy(() -> LanguageModelPackage.open(folder))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("expected the package of a language model");
    try (var files = Files.list(Toy.FOLDER)) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    Path output = folder.resolve("output.f32");
    byte[] bytes = Files.readAllBytes(output);
    bytes[7]++;
    Files.write(output, bytes);
    assertThatThrownBy(() -> LanguageModelPackage.open(folder))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("output.f32 has the SHA-256");
  }

  @Test
  void aModelThatIsClosedSaysSo() {
    CausalModel other = Toy.open();
    other.close();
    other.close();
    assertThatThrownBy(() -> other.states(List.of("list")))
        .isInstanceOf(IllegalStateException.class);
  }
}
