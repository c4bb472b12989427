package io.vec2text.eval.internal.runner;

import com.google.common.collect.ImmutableList;
import io.vec2text.Embedder;
import io.vec2text.InversionResult;
import io.vec2text.eval.Difference;
import io.vec2text.eval.Evaluation;
import io.vec2text.eval.Overlap;
import io.vec2text.eval.Provenance;
import io.vec2text.eval.Rate;
import io.vec2text.eval.Summary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Quality against cost: how well each text would have been recovered with fewer embeddings, read
 * off the traces of one evaluation.
 *
 * @param inverter its name
 * @param points one for each budget, in rising order
 */
public record CostCurve(String inverter, List<Point> points) {
  /** Budgets that are looked at, up to that of the evaluation. */
  private static final ImmutableList<Integer> BUDGETS = ImmutableList.of(64, 256, 1000, 4000);

  /** Copies. */
  public CostCurve {
    points = ImmutableList.copyOf(points);
  }

  /**
   * What a budget buys.
   *
   * @param embeddings the budget
   * @param seconds mean work on one text when it was spent, or when its search ended
   * @param exact texts recovered exactly, up to the embedder's normal form
   * @param tokenF1 {@link Overlap#f1}
   * @param exactGain difference of the share of exact matches from the first curve's
   * @param f1Gain difference of mean F1 from the first curve's
   */
  public record Point(
      int embeddings,
      double seconds,
      Rate exact,
      Summary tokenF1,
      Optional<Difference> exactGain,
      Optional<Difference> f1Gain) {}

  /** What a budget bought of each text. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Scores(double[] exact, double[] f1, double seconds) {}

  /**
   * The curves of evaluations of the same texts; the first is what the others are compared with.
   * What has no traces, such as a floor, has no curve.
   *
   * @param evaluations complete ones, whose options asked for traces
   * @param embedder the embedder that they were made with
   */
  public static List<CostCurve> of(List<Evaluation> evaluations, Embedder embedder) {
    List<CostCurve> curves = new ArrayList<>();
    List<Scores> firsts = new ArrayList<>();
    for (Evaluation evaluation : evaluations) {
      if (evaluation.items().stream().allMatch(i -> i.trace().isEmpty())) {
        continue;
      }
      Provenance provenance = evaluation.provenance();
      List<Point> points = new ArrayList<>();
      for (int i = 0; i < BUDGETS.size(); i++) {
        int budget = BUDGETS.get(i);
        if (budget > provenance.maxEmbeddings()) {
          break;
        }
        Scores scores = scores(evaluation.items(), budget, embedder);
        boolean first = curves.isEmpty();
        if (first) {
          firsts.add(scores);
        }
        long seed = provenance.seed();
        int exact = (int) Arrays.stream(scores.exact).sum();
        points.add(
            new Point(
                budget,
                scores.seconds,
                new Rate(exact, scores.exact.length),
                Summary.of(scores.f1, seed),
                first ? Optional.empty() : gain(scores.exact, firsts.get(i).exact, seed),
                first ? Optional.empty() : gain(scores.f1, firsts.get(i).f1, seed)));
      }
      curves.add(new CostCurve(provenance.inverter(), points));
    }
    return curves;
  }

  private static Scores scores(List<Evaluation.Item> items, int budget, Embedder embedder) {
    List<String> recovered = new ArrayList<>();
    List<String> targets = new ArrayList<>();
    double[] exact = new double[items.size()];
    double seconds = 0;
    for (int i = 0; i < exact.length; i++) {
      Evaluation.Item item = items.get(i);
      String text = "";
      Duration work = Duration.ZERO;
      for (InversionResult.Round round : item.trace()) {
        if (round.embedderCalls() <= budget) {
          text = round.text();
          work = round.work();
        }
      }
      seconds += work.toNanos() / 1e9;
      recovered.add(text);
      targets.add(item.target());
      exact[i] = embedder.normalize(text).equals(embedder.normalize(item.target())) ? 1 : 0;
    }
    double[] f1 =
        Overlap.ofTexts(embedder, recovered, targets).stream().mapToDouble(Overlap::f1).toArray();
    return new Scores(exact, f1, seconds / exact.length);
  }

  private static Optional<Difference> gain(double[] values, double[] first, long seed) {
    return values.length == first.length
        ? Optional.of(Difference.ofMeans(values, first, seed))
        : Optional.empty();
  }
}
