package io.vec2text.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.Uninterruptibles;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FuzzerTest {
  private static final String ITERATIONS = "vec2text.fuzz.iterations";
  private static final List<byte[]> INPUTS =
      List.of("{\"a\": [1, 2]}".getBytes(UTF_8), "name,12".getBytes(UTF_8));

  private final String before = System.getProperty(ITERATIONS, "");

  @BeforeEach
  void few() {
    System.setProperty(ITERATIONS, "2000");
  }

  @AfterEach
  void restore() {
    if (before.isEmpty()) {
      System.clearProperty(ITERATIONS);
    } else {
      System.setProperty(ITERATIONS, before);
    }
  }

  private static Fuzzer.Report run(Consumer<String> parser) {
    return Fuzzer.of("toy", INPUTS, "word")
        .allowing(IllegalArgumentException.class)
        .run(input -> parser.accept(new String(input, UTF_8)));
  }

  @Test
  void an_input_depends_on_seed_and_number_alone() {
    Mutator one = new Mutator(INPUTS, List.of("word"));
    Mutator other = new Mutator(INPUTS, List.of("word"));
    for (int i = 0; i < 1000; i++) {
      assertThat(one.mutate(3, i)).isEqualTo(other.mutate(3, i));
    }
    assertThat(one.mutate(3, 1)).isNotEqualTo(one.mutate(4, 1));
  }

  @Test
  void every_kind_of_change_comes_by() {
    Mutator mutator = new Mutator(INPUTS, List.of("word"));
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 3000; i++) {
      all.append(new String(mutator.mutate(1, i), UTF_8));
    }
    assertThat(all.toString()).contains("word", "2147483648", "null", "\uFEFF", "9".repeat(1001));
  }

  @Test
  void counts_what_was_read_and_what_was_refused() {
    Fuzzer.Report report =
        run(
            text -> {
              if (text.contains("null")) {
                throw new IllegalArgumentException("null");
              }
            });
    assertThat(report.inputs()).isEqualTo(2000);
    assertThat(report.read()).isBetween(1000L, 1999L);
  }

  @Test
  void a_foreign_exception_fails_and_can_be_replayed() {
    assertThatThrownBy(
            () ->
                run(
                    text -> {
                      if (text.contains("2147483648")) {
                        throw new NumberFormatException("no foreign one");
                      }
                      if (text.contains("word")) {
                        throw new IllegalStateException("foreign");
                      }
                    }))
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll(
            "of seed 1", "IllegalStateException: foreign", "-Dvec2text.fuzz.replay=", "toy-1-");
  }

  @Test
  void a_refusal_without_a_message_fails() {
    assertThatThrownBy(
            () ->
                run(
                    text -> {
                      throw new IllegalArgumentException();
                    }))
        .hasMessageContaining("refused without a message");
  }

  @Test
  void an_input_that_takes_too_long_fails_with_its_stack() {
    assertThatThrownBy(
            () ->
                run(
                    text -> {
                      long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
                      while (System.nanoTime() < end) {
                        Thread.onSpinWait();
                      }
                    }))
        .hasMessageContaining("took longer than 2 s")
        .hasStackTraceContaining("FuzzerTest");
  }

  @Test
  void an_input_that_takes_too_much_memory_fails() {
    assertThatThrownBy(
            () ->
                Fuzzer.of("toy", INPUTS)
                    .memory(1 << 20)
                    .run(
                        input -> {
                          byte[] all = new byte[2 << 20];
                          Uninterruptibles.sleepUninterruptibly(Duration.ofNanos(all.length));
                        }))
        .hasMessageContaining("allowed are 1,048,576");
  }
}
