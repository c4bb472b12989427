package io.vec2text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenizationTest {
  /** Tokens 0 "sea", 1 "sea" inside a word, 2 "##s", which its decoder spells with the mark. */
  private static final Tokenization TOKENIZATION =
      new Tokenization() {
        @Override
        public List<int[]> encode(List<String> texts) {
          return texts.stream().map(t -> t.equals("sea") ? new int[] {0} : new int[0]).toList();
        }

        @Override
        public String decode(int[] tokens) {
          return Arrays.stream(tokens).allMatch(t -> t == 2) ? "##s" : " sea";
        }
      };

  @Test
  void aTokenThatIsNoWordOfItsOwnIsNamedAsAContinuation() {
    assertThat(TOKENIZATION.name(0)).isEqualTo("sea");
    assertThat(TOKENIZATION.name(1)).isEqualTo("##sea");
    assertThat(TOKENIZATION.name(2)).isEqualTo("##s");
  }
}
