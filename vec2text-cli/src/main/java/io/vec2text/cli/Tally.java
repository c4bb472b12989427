package io.vec2text.cli;

import io.vec2text.Evidence;
import io.vec2text.InversionResult;
import io.vec2text.Outcome;
import io.vec2text.Verdict;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Counts what became of the vectors of a run, and of those before it. */
final class Tally {
  private final long start = System.nanoTime();
  private final Counts own = new Counts();
  private final Counts earlier = new Counts();
  private final Map<Evidence.Kind, Seen> evidence = new EnumMap<>(Evidence.Kind.class);
  private long embeddings;
  private String firstError = "";

  /** What became of vectors, for one thread. */
  private static final class Counts {
    private final Map<Verdict, Long> verdicts = new EnumMap<>(Verdict.class);
    private long errors;

    void add(Verdict verdict) {
      verdicts.merge(verdict, 1L, Long::sum);
    }

    long of(Verdict verdict) {
      return verdicts.getOrDefault(verdict, 0L);
    }

    long vectors() {
      return errors + verdicts.values().stream().mapToLong(n -> n).sum();
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder(vectors() + " vectors: ");
      for (Verdict verdict : Verdict.values()) {
        text.append(of(verdict)).append(' ').append(ResultLines.name(verdict)).append(", ");
      }
      return text.append(errors).append(" errors").toString();
    }
  }

  /** Vectors that show the same. */
  private record Seen(String line, long vectors) {
    Seen another() {
      return new Seen(line, vectors + 1);
    }
  }

  synchronized void add(long index, Outcome outcome) {
    if (outcome.result().isPresent()) {
      InversionResult result = outcome.result().get();
      own.add(result.verdict());
      embeddings += result.cost().embedderCalls();
      for (Evidence shown : result.evidence()) {
        Seen first = new Seen(shown.line(), 1);
        evidence.merge(shown.kind(), first, (seen, another) -> seen.another());
      }
      return;
    }
    if (own.errors++ == 0) {
      RuntimeException e = outcome.error().orElseThrow();
      // The message of any other exception may hold a text, and this goes to standard error.
      boolean harmless = e instanceof InversionRun.RowException;
      firstError =
          " (index "
              + index
              + ": "
              + (harmless ? e.getMessage() : e.getClass().getSimpleName())
              + ")";
    }
  }

  /** Adds what an earlier run wrote. */
  synchronized void add(ResultLines.Written written) {
    written.verdict().ifPresentOrElse(earlier::add, () -> earlier.errors++);
  }

  /** The vectors of this run of a verdict. */
  synchronized long count(Verdict verdict) {
    return own.of(verdict);
  }

  /** All vectors of a verdict, those of earlier runs included. */
  synchronized long total(Verdict verdict) {
    return own.of(verdict) + earlier.of(verdict);
  }

  /** All vectors that have no result. */
  synchronized long errors() {
    return own.errors + earlier.errors;
  }

  /** All vectors. */
  synchronized long vectors() {
    return own.vectors() + earlier.vectors();
  }

  /** What vectors showed besides their texts, a line each kind. */
  synchronized List<String> evidence() {
    return evidence.values().stream()
        .map(seen -> (seen.vectors == 1 ? "1 vector: " : seen.vectors + " vectors: ") + seen.line)
        .collect(Collectors.toList());
  }

  /** Whether a vector showed this. */
  synchronized boolean shows(Evidence.Kind kind) {
    return evidence.containsKey(kind);
  }

  /** What this run did, in one line. */
  synchronized String summary() {
    return own
        + firstError
        + String.format(
            Locale.ROOT, "; %d embeddings, %.1f s", embeddings, (System.nanoTime() - start) / 1e9);
  }

  /** What earlier runs did, in one line. */
  synchronized String earlier() {
    return earlier.toString();
  }
}
