package io.vec2text.eval.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {
  @Test
  void barsInNamesDoNotBreakTheTable() {
    TextTable table = new TextTable(List.of("name", "n"), 1);
    table.add("a|b", "1");
    assertThat(table)
        .hasToString(
            """
            | name | n |
            | ---- | -:|
            | a\\|b | 1 |
            """);
  }
}
