package io.vec2text.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.primitives.Ints;
import io.vec2text.Vectors;
import io.vec2text.spi.Hypothesis;
import io.vec2text.spi.LanguageModel;
import io.vec2text.spi.TokenContributions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** What holds of every edit of every text, and of every surrogate that predicts what it gains. */
class EditPropertiesTest {
  private static final int DIMENSION = 24;
  private static final int WORDS = 9;
  private static final int[] ALL_WORDS = IntStream.range(0, WORDS).toArray();
  private static final double ORIGIN_FLUENCY = -0.01;
  private static final int TRAINING_TEXTS = 12;
  private static final LanguageModel MODEL =
      (beforeLast, last, next) -> -((beforeLast * 7 + last * 3 + next) & 15) / 8f;

  /** A text and one of its edits. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Case(int[] tokens, Edit edit) {
    @Override
    public String toString() {
      return Arrays.toString(tokens) + " " + edit;
    }
  }

  @Provide
  Arbitrary<int[]> texts() {
    return Arbitraries.integers()
        .between(0, WORDS - 1)
        .array(int[].class)
        .ofMinSize(1)
        .ofMaxSize(7);
  }

  @Provide
  Arbitrary<Case> written() {
    return Combinators.combine(texts(), Arbitraries.integers().between(0, WORDS - 1))
        .flatAs((text, token) -> cases(text, token));
  }

  /** With a mask in place of the word that a substitution or an insertion writes. */
  @Provide
  Arbitrary<Case> masked() {
    return texts().flatMap(text -> cases(text, EditEvaluator.MASK));
  }

  private static Arbitrary<Case> cases(int[] text, int token) {
    return Arbitraries.of(edits(text.length, token)).map(edit -> new Case(text, edit));
  }

  /** All edits of a text that write a token, if any. */
  private static List<Edit> edits(int length, int token) {
    List<Edit> edits = new ArrayList<>();
    for (int a = 0; a <= length; a++) {
      edits.add(new Edit.Insertion(a, token));
      for (int b = a + 1; b <= length; b++) {
        for (int to = 0; to <= length; to++) {
          if (to < a || to > b) {
            edits.add(new Edit.Move(a, b, to));
          }
        }
        if (b < length) {
          edits.add(new Edit.Swap(a, b));
        }
      }
      if (a < length) {
        edits.add(new Edit.Substitution(a, token));
        edits.add(new Edit.Deletion(a));
      }
    }
    return edits;
  }

  @Property(seed = "1")
  void anEditIsUndoneByItsInverse(@ForAll("written") Case c) {
    int[] edited = c.edit.apply(c.tokens);
    assertThat(inverse(c).apply(edited)).isEqualTo(c.tokens);
  }

  private static Edit inverse(Case c) {
    if (c.edit instanceof Edit.Substitution s) {
      return new Edit.Substitution(s.position(), c.tokens[s.position()]);
    }
    if (c.edit instanceof Edit.Insertion i) {
      return new Edit.Deletion(i.position());
    }
    if (c.edit instanceof Edit.Deletion d) {
      return new Edit.Insertion(d.position(), c.tokens[d.position()]);
    }
    if (c.edit instanceof Edit.Move m) {
      int span = m.end() - m.from();
      return m.to() < m.from()
          ? new Edit.Move(m.to(), m.to() + span, m.end())
          : new Edit.Move(m.to() - span, m.to(), m.from());
    }
    return c.edit; // a swap
  }

  @Property(seed = "1")
  void anEditIsScoredAsTheTextThatItMakes(
      @ForAll("masked") Case c, @ForAll("masked") Case before, @ForAll int seed) {
    Surrogate surrogate = surrogate(c.tokens, seed);
    Fluency fluency = new Fluency(MODEL, 0.003);
    EditEvaluator evaluator =
        new EditEvaluator(
            new ScoredText(c.tokens, surrogate.effects().sum(c.tokens), 0),
            surrogate,
            fluency,
            ORIGIN_FLUENCY);
    if (before.tokens.length <= c.tokens.length) {
      evaluator.apply(before.edit); // must leave nothing behind
    }
    evaluator.apply(c.edit);
    int[] edited = c.edit.apply(c.tokens);
    BestTexts best = new BestTexts(Integer.MAX_VALUE, new HashSet<>());
    List<int[]> texts;
    if (Ints.contains(edited, EditEvaluator.MASK)) {
      evaluator.offerTo(best, new WordScores(surrogate, ALL_WORDS));
      texts = IntStream.of(ALL_WORDS).mapToObj(word -> filled(edited, word)).toList();
    } else {
      evaluator.offerTo(best);
      texts = edited.length == 0 ? List.of() : List.of(edited);
    }
    assertThat(best.toList())
        .extracting(ScoredText::tokens)
        .containsExactlyInAnyOrderElementsOf(texts);
    for (ScoredText scored : best.toList()) {
      int length = scored.tokens().length;
      float[] sums = surrogate.effects().sum(scored.tokens());
      assertThat(scored.sums()).containsExactly(sums, within(1e-4f));
      double deviations = Surrogate.inverseStdDev(length, surrogate.posteriorVariance(sums));
      double expected =
          surrogate.expectedGain(sums, length)
              + fluency.of(scored.tokens(), length)
              - ORIGIN_FLUENCY;
      assertThat(scored.score() / deviations).isCloseTo(expected, within(1e-4));
    }
  }

  @Property(seed = "1")
  void gainsOfAllWordsAtOnceAreThoseOfEachAlone(
      @ForAll("texts") int[] origin, @ForAll("texts") int[] text, @ForAll int seed) {
    Surrogate surrogate = surrogate(origin, seed);
    int length = text.length + 1;
    float[] sum = surrogate.effects().sum(text);
    float[] together = new WordScores(surrogate, ALL_WORDS).expectedGains(sum, length);
    for (int word = 0; word < WORDS; word++) {
      float[] with = sum.clone();
      Surrogate.add(with, 1, surrogate.effects().of(word));
      assertThat(together[word])
          .isCloseTo((float) surrogate.expectedGain(with, length), within(1e-5f));
    }
  }

  private static int[] filled(int[] tokens, int word) {
    return IntStream.of(tokens).map(t -> t == EditEvaluator.MASK ? word : t).toArray();
  }

  /** A surrogate that learned from random texts with random vectors; a prior of every other. */
  private static Surrogate surrogate(int[] tokens, int seed) {
    Random random = new Random(seed);
    EvaluatedText origin = evaluated(tokens, random);
    List<EvaluatedText> pool = new ArrayList<>(List.of(origin));
    for (int i = 0; i < TRAINING_TEXTS; i++) {
      int[] text = random.ints(1 + random.nextInt(6), 0, WORDS).toArray();
      pool.add(evaluated(text, random));
    }
    return Surrogate.fit(
        origin, pool, vector(random), 256, 1 + random.nextInt(16), contributions(seed));
  }

  private static EvaluatedText evaluated(int[] tokens, Random random) {
    float[] vector = vector(random);
    EvaluatedText text =
        new EvaluatedText(
            new Hypothesis(Arrays.toString(tokens), vector, 0), vector, Origin.SUBSTITUTION);
    text.tokens(tokens);
    return text;
  }

  private static float[] vector(Random random) {
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return Vectors.unit(vector);
  }

  private static @Nullable TokenContributions contributions(int seed) {
    if (seed % 2 == 0) {
      return null;
    }
    return new TokenContributions() {
      @Override
      public float[] of(int token) {
        return vector(new Random(seed ^ token));
      }

      @Override
      public List<Integer> nearest(float[] direction, int n) {
        throw new UnsupportedOperationException("not asked by a surrogate");
      }
    };
  }
}
