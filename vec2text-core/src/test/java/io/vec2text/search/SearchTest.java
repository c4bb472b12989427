package io.vec2text.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SearchTest {
  @ParameterizedTest
  @ValueSource(strings = {"pool", "greedy:0", "greedy:20", "beam:50x8", "published:20x1"})
  void whatIsWrittenCanBeParsed(String text) {
    assertThat(Search.parse(text)).hasToString(text);
  }

  @Test
  void factoriesSayWhatTheyMake() {
    assertThat(Search.pool()).hasToString("pool");
    assertThat(Search.greedy(3)).hasToString("greedy:3");
    assertThat(Search.sequenceBeam(3, 1)).hasToString("greedy:3");
    assertThat(Search.sequenceBeam(3, 2)).hasToString("beam:3x2");
    assertThat(Search.published(3, 1)).hasToString("published:3x1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Pool", "pool:3", "greedy", "greedy:-1", "beam:3", "beam:3x", "beam:3x2x1"})
  void whatIsUnknownIsNamedWithWhatIsValid(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Search.parse(text))
        .withMessageContaining("'" + text + "'")
        .withMessageContaining("pool")
        .withMessageContaining("greedy:20")
        .withMessageContaining("beam:20x4")
        .withMessageContaining("published:20x4");
  }

  @Test
  void outOfRangeNumbersAreNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Search.greedy(-1))
        .withMessage("steps must be at least 0, was -1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Search.sequenceBeam(2, 0))
        .withMessage("width must be at least 1, was 0");
    assertThatIllegalArgumentException().isThrownBy(() -> Search.parse("beam:2x0"));
  }
}
