package io.vec2text.eval;

import io.vec2text.InversionResult;
import io.vec2text.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An evaluation for tests of reports. */
public final class ExampleEvaluation {
  private static final Provenance PROVENANCE =
      new Provenance(
          "pool",
          "test/words (32)",
          Storage.NumberFormat.INT8,
          "wikipedia-dev",
          "abc123",
          7,
          1000,
          Optional.of(Duration.ofSeconds(2)),
          2,
          Map.of("vec2text", "0.1.0"));

  private static final PairScores SCORES = new PairScores(90, 60, 95, 0.9, 0.7, 0.8, 0.85, 1.5);

  /** Its figures are made up. */
  public static Evaluation of(boolean complete) {
    Evaluation.Row row =
        new RowFigures(
            "4-8",
            new Rate(8, 10),
            new Rate(1, 10),
            new Summary(0.95, 0.96, new Interval(0.9, 0.99)),
            91.25,
            new Interval(89, 93.5),
            94.5,
            SCORES,
            new Summary(0.98765, 1, new Interval(0.9, 1)),
            123.4,
            0.4567,
            0.5,
            Map.of(Verdict.EXACT, 7, Verdict.CLOSE, 2, Verdict.TOPICAL, 1, Verdict.FAILED, 0),
            new Rate(7, 7),
            Optional.of(new Calibration(new Rate(81, 90), 0.915, 0.0213, Optional.of(0.876))),
            Map.of(WordKind.NUMBER, new Calibration(new Rate(3, 4), 0.8, 0.05, Optional.empty())),
            Optional.of(new Calibration(new Rate(9, 12), 0.8, 0.06, Optional.of(0.8))),
            0);
    Evaluation.Item item =
        new ItemFigures(
            "4-8",
            "A secret.",
            "a secret .",
            true,
            false,
            new Overlap(1, 1, 1),
            SCORES,
            1,
            Optional.of(Verdict.EXACT),
            12,
            0.1,
            List.of(new Evaluation.Word(WordKind.OTHER, new Calibration.Prediction(0.9, true))),
            List.of(new Calibration.Prediction(0.8, true)),
            List.of(
                new InversionResult.Round(40, Duration.ofMillis(100), "a mystery .", 0.9),
                new InversionResult.Round(90, Duration.ofMillis(300), "A secret.", 1)),
            Optional.empty());
    return new Evaluation(PROVENANCE, List.of(row), List.of(item), complete);
  }

  private ExampleEvaluation() {}
}
