package io.vec2text.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vec2text.Vectors;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ShownPartTest {

  @Test
  void whatIsWrittenIsReadAgain() {
    for (String text : List.of("top:20", "top:5,decimals:2,temperature:1.5", "temperature:1.0")) {
      assertThat(ShownPart.parse(text)).hasToString(text);
      assertThat(ShownPart.parse(ShownPart.parse(text).toString()))
          .isEqualTo(ShownPart.parse(text));
    }
    for (String text : List.of("", "top", "top:1", "decimals:13", "temperature:0", "k:3")) {
      assertThatThrownBy(() -> ShownPart.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void theLessIsShownTheLessIsLeftOfAVector() throws IOException {
    try (CausalModel model = Toy.open();
        PromptEmbedder whole = new PromptEmbedder(model)) {
      List<String> prompts = Toy.prompts().subList(0, 5);
      float[][] vectors = whole.embed(prompts);
      double before = 1.00001;
      for (String shown : List.of("temperature:1", "top:20", "top:3")) {
        float[][] seen = new ObservedPrompts(model, ShownPart.parse(shown)).embed(prompts);
        double cosine = 0;
        for (int i = 0; i < seen.length; i++) {
          cosine += Vectors.cosine(seen[i], vectors[i]) / seen.length;
        }
        assertThat(cosine).isLessThan(before);
        before = cosine;
      }
    }
  }
}
