package io.vec2text;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What an inversion found. {@link #toString()} does not hold the text, which is somebody's secret.
 *
 * @param text the text whose vector came closest; empty if nothing was found
 * @param cosine cosine of its vector with the target, in [-1, 1]
 * @param verdict how far to trust it
 * @param alternatives the best hypotheses, the text itself first, in falling order of cosine
 * @param words the words and punctuation marks of the text, in order, each with the probability
 *     that the original has it there: that the word stays where the text is turned into the
 *     original by as few insertions, deletions and substitutions of words as possible
 * @param predictedWords the most probable words of the text and its estimated length, if the
 *     inverter predicts them
 * @param vectorNorm length of the vector as it was given
 * @param stored how the vector was stored, as declared or told from its components
 * @param cost what the inversion took
 * @param stop why it ended
 * @param trace the best hypothesis after each round, if asked for
 * @param evidence what else the vector shows, in the order of {@link Evidence.Kind}; mostly nothing
 */
public record InversionResult(
    String text,
    double cosine,
    Verdict verdict,
    List<Alternative> alternatives,
    List<WordProbability> words,
    Optional<PredictedWords> predictedWords,
    double vectorNorm,
    StoredPrecision stored,
    Cost cost,
    StopReason stop,
    List<Round> trace,
    List<Evidence> evidence) {

  /** Checks and copies. */
  public InversionResult {
    requireNonNull(text, "text");
    requireNonNull(verdict, "verdict");
    requireNonNull(stop, "stop");
    requireNonNull(stored, "stored");
    alternatives = ImmutableList.copyOf(alternatives);
    words = ImmutableList.copyOf(words);
    trace = ImmutableList.copyOf(trace);
    evidence = ImmutableList.copyOf(evidence);
  }

  /** Whether the vector shows something. */
  public boolean shows(Evidence.Kind kind) {
    return evidence.stream().anyMatch(e -> e.kind() == kind);
  }

  /**
   * Whether the text is most likely longer than the inverter can write; never of one that is {@link
   * Verdict#EXACT}.
   */
  public boolean exceedsSupportedLength() {
    return predictedWords.isPresent() && predictedWords.get().exceedsSupportedLength();
  }

  /**
   * This result for a vector that is met again, and was not searched again: it cost nothing.
   *
   * @param duplicate says where it was met before, of the kind {@link Evidence.Kind#DUPLICATE}
   */
  public InversionResult again(Evidence duplicate) {
    ImmutableList.Builder<Evidence> all = ImmutableList.<Evidence>builder().add(duplicate);
    evidence.stream().filter(e -> e.kind() != Evidence.Kind.DUPLICATE).forEach(all::add);
    return new InversionResult(
        text,
        cosine,
        verdict,
        alternatives,
        words,
        predictedWords,
        vectorNorm,
        stored,
        new Cost(0, 0, Duration.ZERO),
        stop,
        trace,
        all.build());
  }

  /** Verdict, cosine, cost and stop reason; not the text. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "InversionResult[verdict=%s, cosine=%.9f, characters=%d, embedderCalls=%d, stop=%s]",
        verdict,
        cosine,
        text.length(),
        cost.embedderCalls(),
        stop);
  }

  /**
   * A hypothesis that was embedded.
   *
   * @param text its text
   * @param cosine cosine of its vector with the target
   */
  public record Alternative(String text, double cosine) {
    @Override
    public String toString() {
      return "Alternative[cosine=" + cosine + "]";
    }
  }

  /**
   * What a vector tells of its text without a search.
   *
   * @param words the most probable words, in falling order of probability
   * @param tokens estimated number of tokens, without special ones
   * @param exceedsSupportedLength whether the text is probably longer than the inverter can write
   */
  public record PredictedWords(
      List<WordProbability> words, int tokens, boolean exceedsSupportedLength) {
    /** Copies the list. */
    public PredictedWords {
      words = ImmutableList.copyOf(words);
    }
  }

  /**
   * A word and the probability that the text holds it.
   *
   * @param word a word or, after {@code ##}, the continuation of one
   * @param probability in [0, 1]
   */
  public record WordProbability(String word, double probability) {
    /** Without the word, which may be a secret. */
    @Override
    public String toString() {
      return "WordProbability[" + word.length() + " characters, probability=" + probability + "]";
    }
  }

  /**
   * What an inversion took.
   *
   * @param embedderCalls texts embedded
   * @param decodes texts that a model wrote
   * @param work this vector's share of the time
   */
  public record Cost(int embedderCalls, int decodes, Duration work) {}

  /**
   * The state after a round of a search.
   *
   * @param embedderCalls texts embedded so far
   * @param work this vector's share of the time so far
   * @param text best text so far
   * @param cosine its cosine
   */
  public record Round(int embedderCalls, Duration work, String text, double cosine) {
    @Override
    public String toString() {
      return "Round[embedderCalls=" + embedderCalls + ", cosine=" + cosine + "]";
    }
  }
}
