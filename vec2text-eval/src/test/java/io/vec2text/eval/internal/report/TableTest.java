package io.vec2text.eval.internal.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void barsInNamesDoNotBreakTheTable() {
    Table table = new Table(List.of("name", "n"), 1);
    table.add("a|b", "1");
    assertThat(Markdown.of(List.of(table), Disclosure.REDACTED))
        .isEqualTo(
            """
            | name | n |
            | ---- | -:|
            | a\\|b | 1 |
            """);
  }
}
