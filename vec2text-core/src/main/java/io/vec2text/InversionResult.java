package io.vec2text;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an inversion found. Immutable. {@link #toString()} does not hold the text: it is a secret.
 */
public final class InversionResult {
  private final Values values;

  private InversionResult(Values values) {
    this.values = values;
  }

  private record Values(
      String text,
      double cosine,
      Verdict verdict,
      ImmutableList<Alternative> alternatives,
      ImmutableList<WordProbability> words,
      @Nullable PredictedWords predictedWords,
      double vectorNorm,
      StoredPrecision stored,
      Cost cost,
      StopReason stop,
      ImmutableList<Round> trace,
      ImmutableList<Evidence> evidence) {}

  /** Starts from a search that found nothing: no text, cosine 0, {@link Verdict#FAILED}. */
  public static Builder builder() {
    return new Builder();
  }

  /** Starts from this result, to change some of it. */
  public Builder toBuilder() {
    Builder b = new Builder();
    b.text = values.text;
    b.cosine = values.cosine;
    b.verdict = values.verdict;
    b.alternatives = values.alternatives;
    b.words = values.words;
    b.predictedWords = values.predictedWords;
    b.vectorNorm = values.vectorNorm;
    b.stored = values.stored;
    b.cost = values.cost;
    b.stop = values.stop;
    b.trace = values.trace;
    b.evidence = values.evidence;
    return b;
  }

  /** The text whose vector came closest; empty if nothing was found. */
  public String text() {
    return values.text;
  }

  /** Cosine of that text's vector with the target, in [-1, 1]. */
  public double cosine() {
    return values.cosine;
  }

  /** How far to trust the text. */
  public Verdict verdict() {
    return values.verdict;
  }

  /** The best hypotheses, the text itself first, in falling order of cosine. */
  public List<Alternative> alternatives() {
    return values.alternatives;
  }

  /**
   * The words and punctuation marks of the text, in order, each with the probability that the
   * original has it there: that it stays where the text is turned into the original by as few
   * insertions, deletions and substitutions of words as possible.
   */
  public List<WordProbability> words() {
    return values.words;
  }

  /**
   * The phrases of two or more {@link #words()} that the original probably has, in order, each with
   * the probability that it has the whole phrase, word for word: at least one half. A text that
   * does not have it as a whole is parted at its least probable word, and its parts likewise. Of a
   * text that is too long to be recovered, phrases are what can be trusted.
   */
  public List<SpanProbability> spans() {
    return SpanProbability.of(values.words);
  }

  /**
   * The most probable words and the estimated length, if the inverter predicts them: from the
   * vector and, of a text that is too long to be recovered, from the texts that came closest.
   */
  public Optional<PredictedWords> predictedWords() {
    return Optional.ofNullable(values.predictedWords);
  }

  /** Length of the vector as it was given. */
  public double vectorNorm() {
    return values.vectorNorm;
  }

  /** How the vector was stored, as declared or detected from its components. */
  public StoredPrecision stored() {
    return values.stored;
  }

  /** What the inversion took. */
  public Cost cost() {
    return values.cost;
  }

  /** Why it ended. */
  public StopReason stop() {
    return values.stop;
  }

  /** The best hypothesis after each round; empty unless asked for. */
  public List<Round> trace() {
    return values.trace;
  }

  /** What else the vector shows, in the order of {@link Evidence.Kind}; mostly nothing. */
  public List<Evidence> evidence() {
    return values.evidence;
  }

  /** Whether there is evidence of a kind. */
  public boolean shows(Evidence.Kind kind) {
    return values.evidence.stream().anyMatch(e -> e.kind() == kind);
  }

  /**
   * Whether the text is probably too long to be recovered; never if it is {@link Verdict#EXACT}.
   * {@link #predictedWords()} still holds its most probable words and an estimated length.
   */
  public boolean exceedsSupportedLength() {
    return predictedWords().filter(PredictedWords::exceedsSupportedLength).isPresent();
  }

  /**
   * This result for a vector that is met again and was not searched again: it cost nothing.
   *
   * @param duplicate evidence of the kind {@link Evidence.Kind#DUPLICATE}
   */
  public InversionResult again(Evidence duplicate) {
    ImmutableList.Builder<Evidence> all = ImmutableList.<Evidence>builder().add(duplicate);
    values.evidence.stream().filter(e -> e.kind() != Evidence.Kind.DUPLICATE).forEach(all::add);
    return toBuilder().cost(Cost.NONE).evidence(all.build()).build();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof InversionResult r && values.equals(r.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  /** Verdict, cosine, cost and stop reason; not the text. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "InversionResult[verdict=%s, cosine=%.9f, characters=%d, embedderCalls=%d, stop=%s]",
        verdict(),
        cosine(),
        text().length(),
        cost().embedderCalls(),
        stop());
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
   * What is predicted of a text from its vector alone.
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
   * A run of words and the probability that the original has these words, one after the other.
   *
   * <p>If words were independent, that would be the product q of their probabilities. As they are
   * not, it is the logistic function of {@code .39 + .70 log(q / (1 - q))}, fitted on dev
   * (training/EXPERIMENTS.md).
   *
   * @param from its first word, an index of {@link InversionResult#words()}
   * @param end the index after its last word
   * @param probability in [0, 1]
   */
  public record SpanProbability(int from, int end, double probability) {
    private static final double INTERCEPT = 0.39;
    private static final double SLOPE = 0.70;
    private static final int SHORTEST = 2;
    private static final double PROBABLE = 0.5;

    /** The most that a product is taken for: its log-odds must be finite. */
    private static final double MAX_PRODUCT = 0.9999;

    private static ImmutableList<SpanProbability> of(List<WordProbability> words) {
      ImmutableList.Builder<SpanProbability> spans = ImmutableList.builder();
      add(words, 0, words.size(), spans);
      return spans.build();
    }

    /** Adds the spans among some of the words. */
    private static void add(
        List<WordProbability> words,
        int from,
        int end,
        ImmutableList.Builder<SpanProbability> spans) {
      if (end - from < SHORTEST) {
        return;
      }
      int weakest = from;
      double product = 1;
      for (int i = from; i < end; i++) {
        product *= words.get(i).probability();
        weakest = words.get(i).probability() < words.get(weakest).probability() ? i : weakest;
      }
      double probability = probability(product);
      if (probability >= PROBABLE) {
        spans.add(new SpanProbability(from, end, probability));
      } else {
        add(words, from, weakest, spans);
        add(words, weakest + 1, end, spans);
      }
    }

    private static double probability(double product) {
      double q = Math.min(MAX_PRODUCT, product);
      return 1 / (1 + Math.exp(-INTERCEPT - SLOPE * Math.log(q / (1 - q))));
    }
  }

  /**
   * What an inversion took.
   *
   * @param embedderCalls texts embedded
   * @param decodes texts that a model wrote
   * @param work this vector's share of the time
   */
  public record Cost(int embedderCalls, int decodes, Duration work) {
    /** Nothing. */
    public static final Cost NONE = new Cost(0, 0, Duration.ZERO);
  }

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

  /**
   * Builds an {@link InversionResult}. Each method sets what the accessor of its name returns;
   * lists are copied.
   */
  public static final class Builder {
    private String text = "";
    private double cosine;
    private Verdict verdict = Verdict.FAILED;
    private ImmutableList<Alternative> alternatives = ImmutableList.of();
    private ImmutableList<WordProbability> words = ImmutableList.of();
    private @Nullable PredictedWords predictedWords;
    private double vectorNorm = 1;
    private StoredPrecision stored = StoredPrecision.FULL;
    private Cost cost = Cost.NONE;
    private StopReason stop = StopReason.STALLED;
    private ImmutableList<Round> trace = ImmutableList.of();
    private ImmutableList<Evidence> evidence = ImmutableList.of();

    private Builder() {}

    @CanIgnoreReturnValue
    public Builder text(String text) {
      this.text = requireNonNull(text, "text");
      return this;
    }

    @CanIgnoreReturnValue
    public Builder cosine(double cosine) {
      this.cosine = cosine;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder verdict(Verdict verdict) {
      this.verdict = requireNonNull(verdict, "verdict");
      return this;
    }

    @CanIgnoreReturnValue
    public Builder alternatives(List<Alternative> alternatives) {
      this.alternatives = ImmutableList.copyOf(alternatives);
      return this;
    }

    @CanIgnoreReturnValue
    public Builder words(List<WordProbability> words) {
      this.words = ImmutableList.copyOf(words);
      return this;
    }

    @CanIgnoreReturnValue
    public Builder predictedWords(@Nullable PredictedWords predicted) {
      predictedWords = predicted;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder vectorNorm(double norm) {
      vectorNorm = norm;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder stored(StoredPrecision stored) {
      this.stored = requireNonNull(stored, "stored");
      return this;
    }

    @CanIgnoreReturnValue
    public Builder cost(Cost cost) {
      this.cost = requireNonNull(cost, "cost");
      return this;
    }

    @CanIgnoreReturnValue
    public Builder stop(StopReason stop) {
      this.stop = requireNonNull(stop, "stop");
      return this;
    }

    @CanIgnoreReturnValue
    public Builder trace(List<Round> trace) {
      this.trace = ImmutableList.copyOf(trace);
      return this;
    }

    @CanIgnoreReturnValue
    public Builder evidence(List<Evidence> evidence) {
      this.evidence = ImmutableList.copyOf(evidence);
      return this;
    }

    /** The result. */
    public InversionResult build() {
      return new InversionResult(
          new Values(
              text,
              cosine,
              verdict,
              alternatives,
              words,
              predictedWords,
              vectorNorm,
              stored,
              cost,
              stop,
              trace,
              evidence));
    }
  }
}
