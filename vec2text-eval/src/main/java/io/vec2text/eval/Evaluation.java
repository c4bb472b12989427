package io.vec2text.eval;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import io.vec2text.InversionResult;
import io.vec2text.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an inverter did with a set of texts of which it saw the vectors only. Made by {@link
 * Evaluator#run}.
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
   * <p>Sealed, so that it can gain figures.
   */
  public sealed interface Row permits RowFigures {
    /** Its name; {@code all} for all buckets together. */
    String bucket();

    /** Texts recovered exactly, up to the embedder's normal form. */
    Rate exact();

    /** Texts recovered exactly, case and spacing included. */
    Rate exactRaw();

    /**
     * {@link Overlap#f1}, in [0, 1]: over the embedder's tokens or, if it can't show them, over the
     * words of the normal forms.
     */
    Summary tokenF1();

    /** {@link Bleu#corpus} of the normal forms, in [0, 100]. */
    double bleu();

    /** The interval of {@link #bleu} by {@link CorpusMetric#interval}. */
    Interval bleuInterval();

    /** {@link Chrf#corpus} of the normal forms, in [0, 100]. */
    double chrf();

    /** Means of scores of the normal forms. */
    PairScores scores();

    /**
     * Cosine of the recovered text's vector with the target's as it was before it was stored,
     * measured anew.
     */
    Summary cosine();

    /** Mean texts embedded for one vector, as the inverter states. */
    double embeddings();

    /** Mean seconds of work on one vector, as the inverter states. */
    double seconds();

    /** Elapsed seconds divided by the number of vectors. */
    double wallSeconds();

    /** How often each verdict was given. */
    Map<Verdict, Integer> verdicts();

    /** Of the verdicts {@link Verdict#EXACT}, how many are right. */
    Rate exactVerdicts();

    /** How well the probabilities of the recovered texts' words hold, where there are any. */
    Optional<Calibration> words();

    /** The same of each kind of words. */
    Map<WordKind, Calibration> wordKinds();

    /** How well the probabilities of the recovered texts' spans hold, where there are any. */
    Optional<Calibration> spans();

    /** Inversions that failed; they have no verdict. */
    int errors();

    /** How many texts the row is about. */
    default int n() {
      return exact().of();
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
   * <p>Sealed, so that it can gain figures.
   */
  public sealed interface Item permits ItemFigures {
    /** Its bucket. */
    String bucket();

    /** The text. */
    String target();

    /** What the inverter made of its vector. */
    String recovered();

    /** Whether the normal forms are equal. */
    boolean exact();

    /** Whether the texts are equal. */
    boolean exactRaw();

    /** Overlap of their tokens. */
    Overlap overlap();

    /** Scores of the normal forms. */
    PairScores scores();

    /** Cosine of the vectors of the two texts. */
    double cosine();

    /** The inverter's verdict; empty if it failed. */
    Optional<Verdict> verdict();

    /** Texts embedded. */
    int embeddings();

    /** Seconds of work. */
    double seconds();

    /** The words of the recovered text, in order. */
    List<Word> words();

    /**
     * The {@linkplain InversionResult#spans spans} of the recovered text, in order: what was stated
     * of each, and whether the target has its words one after the other.
     */
    List<Calibration.Prediction> spans();

    /** The best text after each round, if the options asked for it. */
    List<InversionResult.Round> trace();

    /** Message of the error, if the inversion failed. */
    Optional<String> error();
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
