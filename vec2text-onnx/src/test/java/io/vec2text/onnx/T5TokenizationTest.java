package io.vec2text.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.Ints;
import java.util.List;
import org.junit.jupiter.api.Test;

class T5TokenizationTest {
  private static final ModelPackage MODEL = ModelPackage.open(T5Toy.folder());

  private static T5Tokenization open(boolean cleanUpSpaces) {
    Manifest.Text text =
        new Manifest.Text("tokenizer.json", ImmutableIntArray.of(0, 1, 2), cleanUpSpaces);
    return T5Tokenization.open(MODEL, MODEL.inversion(), text);
  }

  @Test
  void specialTokensAreNotSpelled() {
    try (T5Tokenization tokenization = open(false)) {
      int[] words = tokenization.encode(List.of("the sea")).get(0);
      assertThat(tokenization.decode(Ints.concat(new int[] {0}, words, new int[] {1, 0})))
          .isEqualTo("the sea");
      assertThat(tokenization.decode(new int[] {1})).isEmpty();
    }
  }

  @Test
  void spacesAreCleanedUpWhereTheCheckpointAsksForIt() {
    String text = "I did n't see it , he 's gone .";
    try (T5Tokenization asItIs = open(false);
        T5Tokenization clean = open(true)) {
      int[] tokens = asItIs.encode(List.of(text)).get(0);
      assertThat(asItIs.decode(tokens)).isEqualTo(text);
      assertThat(clean.decode(tokens)).isEqualTo("I didn't see it, he's gone.");
    }
  }
}
