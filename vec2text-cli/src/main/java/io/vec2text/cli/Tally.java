package io.vec2text.cli;

import io.vec2text.InversionResult;
import io.vec2text.Outcome;
import io.vec2text.Verdict;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counts what became of the vectors of a run. */
final class Tally {
  private final long start = System.nanoTime();
  private final Map<Verdict, Long> verdicts = new EnumMap<>(Verdict.class);
  private long embeddings;
  private long errors;
  private String firstError = "";

  synchronized void add(long index, Outcome outcome) {
    if (outcome.result().isPresent()) {
      InversionResult result = outcome.result().get();
      verdicts.merge(result.verdict(), 1L, Long::sum);
      embeddings += result.cost().embedderCalls();
      return;
    }
    if (errors++ == 0) {
      RuntimeException e = outcome.error().orElseThrow();
      // The message of any other exception may hold a text, and this goes to standard error.
      boolean harmless = e instanceof InversionRun.RowException;
      firstError =
          "index " + index + ": " + (harmless ? e.getMessage() : e.getClass().getSimpleName());
    }
  }

  synchronized long count(Verdict verdict) {
    return verdicts.getOrDefault(verdict, 0L);
  }

  /** The vectors that have no result. */
  synchronized long errors() {
    return errors;
  }

  /** All in one line. */
  synchronized String summary() {
    long vectors = errors;
    StringBuilder counts = new StringBuilder();
    for (Verdict verdict : Verdict.values()) {
      vectors += count(verdict);
      counts.append(count(verdict)).append(' ');
      counts.append(verdict.name().toLowerCase(Locale.ROOT)).append(", ");
    }
    return String.format(
        Locale.ROOT,
        "%d vectors: %s%d errors%s; %d embeddings, %.1f s",
        vectors,
        counts,
        errors,
        errors == 0 ? "" : " (" + firstError + ")",
        embeddings,
        (System.nanoTime() - start) / 1e9);
  }
}
