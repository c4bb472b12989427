package io.vec2text.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.vec2text.InversionResult;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BudgetTest {
  @Test
  void whatRemainsIsWhatWasNotSpent() {
    Budget budget = new Budget(900);
    budget.embedded(3);
    assertThat(budget.remaining(false)).isEqualTo(897);
    budget.embedded(900);
    assertThat(budget.embeddings()).isEqualTo(903);
    assertThat(budget.remaining(false)).isZero();
  }

  @Test
  void textsThatSeemTooLongGetLess() {
    Budget budget = new Budget(900);
    budget.embedded(3);
    assertThat(budget.remaining(true)).isEqualTo(197);
    budget.embedded(200);
    assertThat(budget.remaining(true)).isZero();
    assertThat(new Budget(50).remaining(true)).isEqualTo(50);
  }

  @Test
  void allThatIsSpentAddsUp() {
    Budget budget = new Budget(900);
    budget.embedded(3);
    budget.decoded(5);
    budget.decoded(2);
    budget.charge(1_000);
    budget.charge(2);
    assertThat(budget.workNanos()).isEqualTo(1_002);
    assertThat(budget.cost()).isEqualTo(new InversionResult.Cost(3, 7, Duration.ofNanos(1_002)));
  }
}
