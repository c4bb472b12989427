package io.vec2text.search;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A strategy of an {@link IterativeInverter}: which hypotheses to correct and which candidates to
 * embed. Immutable; {@link #parse} reads what {@link #toString()} writes.
 *
 * <p>Greedy and sequence beam search are the algorithms of Morris et al. 2023, section 3, without
 * the defects of the implementation that the published tables were made with, which {@link
 * #published} keeps:
 *
 * <ul>
 *   <li>the best hypothesis that was ever embedded is returned, the first guess included; there,
 *       the best of the last step, or with greedy correction the last one whatever its cosine;
 *   <li>hypotheses are unique by text, and corrected as the tokens that their text is read as;
 *       there they are unique by token ids, and two spellings of one text share the beam and are
 *       embedded twice;
 *   <li>no text is written that is longer than the embedder reads; there, what the embedder cuts
 *       off is part of the answer;
 *   <li>fewer different candidates than the beam is wide are no error;
 *   <li>no text is embedded twice, and no hypothesis is corrected twice;
 *   <li>zero steps are zero steps, there one;
 *   <li>they stop early when the text is found exactly; there never;
 *   <li>every vector of a batch has its own trace; there one row of the batch stands for all;
 *   <li>settings are immutable; there a call changes those that it was given.
 * </ul>
 *
 * <p>What a corrector's tokenizer can't spell stays out of its reach in either form.
 */
public abstract sealed class Search permits PoolSearch, SequenceBeamSearch {
  private static final Pattern POOL =
      Pattern.compile("pool((?:-(?:corrections|edits|orders|predictions))*)");
  private static final Pattern GREEDY = Pattern.compile("greedy:(\\d{1,6})");
  private static final Pattern BEAM = Pattern.compile("(beam|published):(\\d{1,6})x(\\d{1,4})");

  Search() {}

  /**
   * Greedy correction: each hypothesis is replaced by its most probable correction, better or not.
   * Embeds at most {@code steps + 1} embeddings.
   *
   * @param steps corrections, at least 0; with 0 only the first guess is embedded
   * @throws IllegalArgumentException if {@code steps} is negative
   */
  public static Search greedy(int steps) {
    checkArgument(steps >= 0, "steps must be at least 0, was %s", steps);
    return new SequenceBeamSearch(steps, 1);
  }

  /**
   * Beam search over whole texts: each of the {@code width} hypotheses is corrected into {@code
   * width} texts by a beam search of that width over tokens, and of all of them those whose vectors
   * come closest are the next hypotheses. Embeds at most {@code 1 + width + (steps - 1) width²}
   * embeddings.
   *
   * @param steps corrections, at least 0; with 0 only the first guess is embedded
   * @param width hypotheses kept, at least 1
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static Search sequenceBeam(int steps, int width) {
    checkArgument(steps >= 0, "steps must be at least 0, was %s", steps);
    checkArgument(width >= 1, "width must be at least 1, was %s", width);
    return new SequenceBeamSearch(steps, width);
  }

  /**
   * The published algorithm to the letter, to compare with published tables or with the Python
   * package: {@link #sequenceBeam}, of width 1 {@link #greedy}, with the defects that are listed
   * above. With the converted checkpoints ({@code kind: vec2text-t5}) it gives the package's own
   * token ids. The package fails if a beam has fewer distinct candidates than its width; this
   * continues with those there are. Candidates beyond the budget of embeddings are skipped, so it
   * must be raised for many steps ({@link io.vec2text.InversionOptions.Builder#maxEmbeddings}).
   *
   * @param steps corrections ({@code num_steps}), at least 0; with 0 only the base model's guess
   *     ({@code num_steps=None})
   * @param width hypotheses kept ({@code sequence_beam_width}), at least 1
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static Search published(int steps, int width) {
    checkArgument(steps >= 0, "steps must be at least 0, was %s", steps);
    checkArgument(width >= 1, "width must be at least 1, was %s", width);
    return new PublishedSearch(steps, width);
  }

  /**
   * The embeddings that {@link #sequenceBeam} spends at most: {@code 1 + width + (steps - 1)
   * width²}; with one hypothesis, {@code steps + 1}, and without steps 1.
   *
   * @throws IllegalArgumentException if an argument is out of range, or the number is above that of
   *     an int
   */
  public static int maxEmbeddings(int steps, int width) {
    checkArgument(steps >= 0, "steps must be at least 0, was %s", steps);
    checkArgument(width >= 1, "width must be at least 1, was %s", width);
    long max = steps == 0 ? 1 : 1 + width + (steps - 1L) * width * width;
    checkArgument(
        max <= Integer.MAX_VALUE, "%s steps of width %s are %s embeddings", steps, width, max);
    return (int) max;
  }

  /**
   * Surrogate-guided search: Bayesian optimisation over edits of texts. It spends embeddings best,
   * and is the default. It keeps a pool of all texts that it embedded. A round embeds texts several
   * edits away from the best ones that a regression over the pool predicts to be closer still
   * (Gaussian process regression, Rasmussen and Williams 2006, whose prior mean is a linear model
   * of what tokens add), and for the words of the closest text in another order. When that brings
   * nothing more, a round expands the best text that was not expanded before, with single-token
   * edits, from which the next predictions learn, or else with the corrector's corrections. What is
   * best is judged by the cosine and, as long as the target is far, by how likely the text is as
   * language. The search goes on until the text is found exactly, the embeddings are used up, or
   * nothing new is left to try.
   *
   * <p>Edits need an embedder with a {@linkplain io.vec2text.Embedder#tokenization() tokenization}
   * and a corrector with a {@link io.vec2text.spi.TokenEditScorer}; order, predictions and fluency
   * need the first, fluency also a {@link io.vec2text.spi.Corrector#languageModel()}, the prior
   * mean a {@link io.vec2text.spi.Corrector#tokenContributions()}. What is missing is left out;
   * where there are no edits, the corrector's corrections of whole texts stand in for them.
   */
  public static Search pool() {
    return poolWithout(ImmutableSet.of());
  }

  /** The sources of candidates of {@link #pool()} besides the first guesses. */
  public enum Source {
    /** The corrector's corrections of whole texts, where there are no edits. */
    CORRECTIONS,
    /** Single-token edits. */
    EDITS,
    /** The words of the closest text in another order. */
    ORDERS,
    /** Texts some edits away that a regression over all embedded texts predicts to be closer. */
    PREDICTIONS
  }

  /** {@link #pool()} without some of its sources, to see what they are worth. */
  public static Search poolWithout(Set<Source> without) {
    return new PoolSearch(ImmutableSet.copyOf(without));
  }

  /**
   * Parses a search: {@code pool}, {@code pool-edits-corrections} (without these sources), {@code
   * greedy:20} (steps), {@code beam:20x4} or {@code published:20x4} (steps x width).
   *
   * @throws IllegalArgumentException if {@code text} is none of these
   */
  public static Search parse(String text) {
    Matcher pool = POOL.matcher(text);
    if (pool.matches()) {
      return poolWithout(
          Splitter.on('-')
              .omitEmptyStrings()
              .splitToStream(pool.group(1))
              .map(s -> Source.valueOf(s.toUpperCase(Locale.ROOT)))
              .collect(ImmutableSet.toImmutableSet()));
    }
    Matcher greedy = GREEDY.matcher(text);
    if (greedy.matches()) {
      return greedy(Integer.parseInt(greedy.group(1)));
    }
    Matcher beam = BEAM.matcher(text);
    if (beam.matches()) {
      int steps = Integer.parseInt(beam.group(2));
      int width = Integer.parseInt(beam.group(3));
      return beam.group(1).equals("beam") ? sequenceBeam(steps, width) : published(steps, width);
    }
    throw new IllegalArgumentException(
        "unknown search '"
            + text
            + "', expected pool, pool-SOURCE (as pool-edits), greedy:STEPS (as greedy:20),"
            + " beam:STEPSxWIDTH (as beam:20x4) or published:STEPSxWIDTH (as published:20x4)");
  }

  /** Starts the searches of one call. */
  abstract Rounds begin(SearchContext context);

  /** The searches of one call, which keep what they must remember of their targets. */
  interface Rounds {
    /**
     * Runs one round for targets that are all live: embeds candidates and, where the search itself
     * is at its end, says so to the target. Rounds of different targets do not influence each
     * other; a target that is missing is done.
     */
    void round(List<Target> targets);
  }

  /** Whether a target is done as soon as its text was found. */
  boolean stopsWhenFound() {
    return true;
  }
}
