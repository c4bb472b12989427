package io.vec2text.eval;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.vec2text.InversionResult;
import io.vec2text.Verdict;
import io.vec2text.eval.internal.Figures;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an inverter did with a set of texts of which it saw the vectors only. Made by {@link
 * Evaluator#run}, shown by {@link Reports}.
 *
 * @param provenance what made it
 * @param rows figures by bucket and, if there are several buckets, of all together in the last row
 * @param items every text, in the order of the set
 * @param complete whether all texts were inverted; false if the evaluation was cancelled, and
 *     {@code items} are then those finished before
 */
public record Evaluation(
    Provenance provenance, List<Row> rows, List<Item> items, boolean complete) {

  /** Checks and copies. */
  public Evaluation {
    requireNonNull(provenance, "provenance");
    rows = ImmutableList.copyOf(rows);
    items = ImmutableList.copyOf(items);
  }

  /**
   * Figures of one bucket. A text whose inversion failed counts as an empty one with cosine 0.
   *
   * @param bucket its name; {@code all} for all buckets together
   * @param exact texts recovered exactly, up to the embedder's normal form
   * @param exactRaw texts recovered exactly, case and spacing included
   * @param tokenF1 {@link Overlap#f1}, in [0, 1]: over the embedder's tokens or, if it can't show
   *     them, over the words of the normal forms
   * @param bleu {@link Bleu#corpus} of the normal forms, in [0, 100]
   * @param bleuInterval its interval by {@link CorpusMetric#interval}
   * @param chrf {@link Chrf#corpus} of the normal forms, in [0, 100]
   * @param scores means of scores of the normal forms
   * @param cosine cosine of the recovered text's vector with the target's as it was before it was
   *     stored, measured anew
   * @param embeddings mean texts embedded for one vector, as the inverter states
   * @param seconds mean work on one vector, as the inverter states
   * @param wallSeconds elapsed time divided by the number of vectors
   * @param verdicts how often each verdict was given
   * @param exactVerdicts of the verdicts {@link Verdict#EXACT}, how many are right
   * @param words how well the probabilities of the recovered texts' words hold, where there are any
   * @param wordKinds the same of each kind of words
   * @param errors inversions that failed; they have no verdict
   */
  public record Row(
      String bucket,
      Rate exact,
      Rate exactRaw,
      Summary tokenF1,
      double bleu,
      Interval bleuInterval,
      double chrf,
      PairScores scores,
      Summary cosine,
      double embeddings,
      double seconds,
      double wallSeconds,
      Map<Verdict, Integer> verdicts,
      Rate exactVerdicts,
      Optional<Calibration> words,
      Map<WordKind, Calibration> wordKinds,
      int errors) {

    /** Copies. */
    public Row {
      wordKinds = ImmutableMap.copyOf(wordKinds);
      verdicts = ImmutableMap.copyOf(verdicts);
    }

    /** How many texts the row is about. */
    public int n() {
      return exact.of();
    }
  }

  /**
   * A word of a recovered text.
   *
   * @param kind what kind of word it is
   * @param prediction the probability stated for it, and whether the normal form of the target has
   *     it there ({@link io.vec2text.InversionResult#words})
   */
  public record Word(WordKind kind, Calibration.Prediction prediction) {}

  /**
   * What became of one text. {@link #toString()} holds no text.
   *
   * @param bucket its bucket
   * @param target the text
   * @param recovered what the inverter made of its vector
   * @param exact whether the normal forms are equal
   * @param exactRaw whether the texts are equal
   * @param overlap overlap of their tokens
   * @param scores scores of the normal forms
   * @param cosine cosine of the vectors of the two texts
   * @param verdict the inverter's verdict; empty if it failed
   * @param embeddings texts embedded
   * @param seconds work
   * @param words the words of the recovered text, in order
   * @param trace the best text after each round, if the options asked for it
   * @param error message of the error, if the inversion failed
   */
  public record Item(
      String bucket,
      String target,
      String recovered,
      boolean exact,
      boolean exactRaw,
      Overlap overlap,
      PairScores scores,
      double cosine,
      Optional<Verdict> verdict,
      int embeddings,
      double seconds,
      List<Word> words,
      List<InversionResult.Round> trace,
      Optional<String> error) {

    /** Copies. */
    public Item {
      words = ImmutableList.copyOf(words);
      trace = ImmutableList.copyOf(trace);
    }

    /** Verdict, cosine and cost in one line; no text. */
    public String outcome() {
      return Figures.format(
          "%s, cosine %.6f, %s, %,d embeddings, %.2f s",
          verdict.map(Figures::name).orElse("error"),
          cosine,
          exact ? "same text" : "other text",
          embeddings,
          seconds);
    }

    @Override
    public String toString() {
      return "Item[bucket=" + bucket + ", exact=" + exact + ", cosine=" + cosine + "]";
    }
  }

  /** How many inversions failed with an error. */
  public long errors() {
    return items.stream().filter(i -> i.error().isPresent()).count();
  }

  /** Sizes and exact matches; no text. */
  @Override
  public String toString() {
    return "Evaluation[inverter="
        + provenance.inverter()
        + ", n="
        + items.size()
        + ", exact="
        + items.stream().filter(Item::exact).count()
        + "]";
  }
}
