package io.vec2text.eval.internal.experiments;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.Lists;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import io.vec2text.StopReason;
import io.vec2text.Vectors;
import io.vec2text.Verdict;
import io.vec2text.internal.CloseGuard;
import io.vec2text.spi.Corrector;
import io.vec2text.spi.Decoding;
import io.vec2text.spi.Hypothesis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The loop of Morris et al. (2023) without any feedback: guesses are corrected, but never embedded.
 * The corrector works {@linkplain NoFeedbackCorrector without the hypothesis's vector}, and where
 * hypotheses have to be chosen among, those are kept that the corrector finds most probable. With
 * one hypothesis each correction replaces the last, better or not.
 *
 * <p>It ends early where a round changes nothing. As no text is embedded, it knows no cosine: it
 * states 0, and {@link Verdict#FAILED}.
 */
final class CorrectionWithoutFeedback implements Inverter {
  private static final int SIDE_BY_SIDE = 16;
  private static final List<Corrector.Candidate> NO_GUESS = List.of(new Corrector.Candidate("", 0));

  private final Corrector corrector;
  private final CloseGuard gate = new CloseGuard("blind correction");
  private final int steps;
  private final int width;

  /**
   * A loop.
   *
   * @param corrector made blind here; not closed with this
   * @param steps corrections, at least 1
   * @param width hypotheses kept, at least 1
   */
  CorrectionWithoutFeedback(Corrector corrector, int steps, int width) {
    checkArgument(steps > 0, "steps must be at least 1, were %s", steps);
    checkArgument(width > 0, "width must be at least 1, was %s", width);
    this.corrector = new NoFeedbackCorrector(corrector);
    this.steps = steps;
    this.width = width;
  }

  @Override
  public EmbeddingSpace space() {
    return corrector.space();
  }

  @Override
  public List<Outcome> invertAll(List<float[]> vectors, InversionOptions options) {
    return gate.pass(() -> run(vectors, options));
  }

  private List<Outcome> run(List<float[]> vectors, InversionOptions options) {
    @Nullable Outcome[] outcomes = new Outcome[vectors.size()];
    List<Target> targets = new ArrayList<>();
    for (int i = 0; i < outcomes.length; i++) {
      try {
        targets.add(new Target(i, Vectors.check(vectors.get(i), space()), space().normalized()));
      } catch (IllegalArgumentException e) {
        Outcome failed = Outcome.failed(e);
        outcomes[i] = failed;
        options.listener().finished(i, failed);
      }
    }
    for (List<Target> together : Lists.partition(targets, SIDE_BY_SIDE)) {
      List<Outcome> found = invert(together, options);
      for (int i = 0; i < found.size(); i++) {
        outcomes[together.get(i).index] = found.get(i);
        options.listener().finished(together.get(i).index, found.get(i));
      }
    }
    return Arrays.stream(outcomes).map(Objects::requireNonNull).toList();
  }

  private List<Outcome> invert(List<Target> targets, InversionOptions options) {
    long start = System.nanoTime();
    try {
      List<Target> moving = targets;
      for (int step = 0; step <= steps && !moving.isEmpty(); step++) {
        round(moving, step, options);
        if (options.cancellation().requested()) {
          break;
        }
        moving = moving.stream().filter(t -> t.moved).toList();
      }
    } catch (RuntimeException e) {
      return targets.stream().map(t -> Outcome.failed(e)).toList();
    }
    Duration each = Duration.ofNanos((System.nanoTime() - start) / targets.size());
    boolean cancelled = options.cancellation().requested();
    return targets.stream().map(t -> Outcome.of(t.result(each, cancelled))).toList();
  }

  private void round(List<Target> targets, int step, InversionOptions options) {
    List<Corrector.Request> requests = new ArrayList<>();
    List<Question> questions = new ArrayList<>();
    for (Target t : targets) {
      for (Corrector.Candidate guess : step == 0 ? NO_GUESS : t.hypotheses) {
        // What the corrector makes of a text without feedback does not change.
        if (step == 0 || t.corrections.putIfAbsent(guess.text(), List.of()) == null) {
          questions.add(new Question(t, guess.text()));
          requests.add(
              step == 0
                  ? Corrector.Request.first(t.vector, options.seed())
                  : Corrector.Request.of(
                      t.vector,
                      new Hypothesis(guess.text(), t.vector, 1, guess.tokens()),
                      options.seed()));
        }
      }
    }
    List<List<Corrector.Candidate>> written =
        corrector.correct(
            requests, new Decoding.Beam(step == 0 ? 1 : width), options.cancellation());
    for (int i = 0; i < questions.size(); i++) {
      Target t = questions.get(i).target;
      t.decodes += written.get(i).size();
      if (step == 0) {
        t.hypotheses = List.copyOf(written.get(i));
      } else {
        t.corrections.put(questions.get(i).text, written.get(i));
      }
    }
    if (step > 0) {
      targets.forEach(t -> t.select(width));
    }
  }

  @Override
  public void close() {
    gate.close(() -> {});
  }

  private record Question(Target target, String text) {}

  private static final class Target {
    private final int index;
    private final float[] vector;
    private final double norm;
    private final Map<String, List<Corrector.Candidate>> corrections = new HashMap<>();
    private List<Corrector.Candidate> hypotheses = List.of();
    private boolean moved = true;
    private int decodes;

    Target(int index, float[] given, boolean normalized) {
      this.index = index;
      norm = Vectors.norm(given);
      // Where vectors have lengths, the corrector was trained to see them.
      vector = normalized ? Vectors.unit(given) : given.clone();
    }

    void select(int width) {
      Set<String> texts = new HashSet<>();
      List<Corrector.Candidate> next =
          hypotheses.stream()
              .flatMap(h -> corrections.getOrDefault(h.text(), List.of()).stream())
              .sorted(Comparator.comparingDouble(c -> -c.logProbability()))
              .filter(c -> texts.add(c.text()))
              .limit(width)
              .toList();
      moved = !next.isEmpty() && !texts(next).equals(texts(hypotheses));
      if (moved) {
        hypotheses = next;
      }
    }

    private static List<String> texts(List<Corrector.Candidate> candidates) {
      return candidates.stream().map(Corrector.Candidate::text).toList();
    }

    InversionResult result(Duration work, boolean cancelled) {
      return InversionResult.builder()
          .text(hypotheses.isEmpty() ? "" : hypotheses.get(0).text())
          .vectorNorm(norm)
          .cost(new InversionResult.Cost(0, decodes, work))
          .stop(cancelled ? StopReason.CANCELLED : moved ? StopReason.BUDGET : StopReason.STALLED)
          .build();
    }
  }
}
