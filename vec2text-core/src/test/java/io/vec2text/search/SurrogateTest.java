package io.vec2text.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.primitives.ImmutableIntArray;
import io.vec2text.Vectors;
import io.vec2text.spi.Hypothesis;
import io.vec2text.spi.LanguageModel;
import io.vec2text.spi.TokenContributions;
import io.vec2text.testing.ToyEmbedder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SurrogateTest {
  private static final String TEXT = "the old king loved the sea";
  private static final String ORIGIN = "the new king the loved ship";

  private final ToyEmbedder embedder = new ToyEmbedder();
  private final float[] target = embedder.embed(List.of(TEXT))[0];
  private final SplittableRandom random = new SplittableRandom(1);

  private EvaluatedText evaluated(int[] tokens) {
    String text = embedder.tokenization().orElseThrow().decode(tokens);
    float[] vector = Vectors.unit(embedder.embed(List.of(text))[0]);
    EvaluatedText evaluated =
        new EvaluatedText(
            new Hypothesis(text, vector, Vectors.cosine(vector, target)),
            vector,
            Origin.SUBSTITUTION);
    evaluated.tokens(tokens);
    return evaluated;
  }

  private int[] tokens(String text) {
    return embedder.tokenization().orElseThrow().encode(List.of(text)).get(0);
  }

  /** A text one random change away. */
  private int[] changed(int[] tokens) {
    int words = ToyEmbedder.vocabulary().size();
    int at = random.nextInt(tokens.length);
    Edit change =
        switch (random.nextInt(3)) {
          case 0 -> new Edit.Substitution(at, random.nextInt(words));
          case 1 -> new Edit.Insertion(at, random.nextInt(words));
          default -> new Edit.Swap(Math.max(0, at - 1), Math.max(1, at));
        };
    return change.apply(tokens);
  }

  private Surrogate surrogate(EvaluatedText origin, int known) {
    return surrogate(origin, known, null);
  }

  private Surrogate surrogate(EvaluatedText origin, int known, @Nullable TokenContributions words) {
    List<EvaluatedText> pool = new ArrayList<>(List.of(origin));
    for (int i = 0; i < known; i++) {
      pool.add(evaluated(changed(origin.tokens())));
    }
    return Surrogate.fit(origin, pool, target, 256, 32, words);
  }

  private static double promise(Surrogate surrogate, int[] tokens) {
    float[] sums = surrogate.effects().sum(tokens);
    return surrogate.expectedGain(sums, tokens.length)
        * Surrogate.inverseStdDev(tokens.length, surrogate.posteriorVariance(sums));
  }

  @Test
  void theOriginPromisesNothing() {
    EvaluatedText origin = evaluated(tokens(ORIGIN));
    assertThat(promise(surrogate(origin, 50), origin.tokens())).isZero();
    assertThat(promise(surrogate(origin, 0), tokens(TEXT))).isZero();
  }

  @Test
  void ranksUnknownTextsByWhatItKnowsOfTheirParts() {
    EvaluatedText origin = evaluated(tokens(ORIGIN));
    Surrogate surrogate = surrogate(origin, 200);
    List<int[]> texts = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      texts.add(changed(changed(origin.tokens())));
    }
    texts.sort(Comparator.comparingDouble(t -> -promise(surrogate, t)));
    double best =
        texts.subList(0, 40).stream()
            .mapToDouble(t -> evaluated(t).cosine())
            .average()
            .orElseThrow();
    double all = texts.stream().mapToDouble(t -> evaluated(t).cosine()).average().orElseThrow();
    assertThat(best).isGreaterThan(all + 0.03);
  }

  @Test
  void expectsOfWordsThatNoTextHasWhatTheyAddAtLarge() {
    EvaluatedText origin = evaluated(tokens(ORIGIN));
    Surrogate ignorant = surrogate(origin, 0, null);
    Surrogate surrogate = surrogate(origin, 0, new Alone());
    List<int[]> texts = new ArrayList<>();
    for (int word = 1; word < ToyEmbedder.vocabulary().size(); word++) {
      int[] text = origin.tokens().clone();
      text[5] = word;
      texts.add(text);
    }
    assertThat(texts).allMatch(t -> promise(ignorant, t) == 0);
    int[] best =
        texts.stream().max(Comparator.comparingDouble(t -> promise(surrogate, t))).orElseThrow();
    assertThat(TEXT).contains(ToyEmbedder.vocabulary().get(best[5]));
    assertThat(surrogate.unseenFeatures(best).asList()).hasSize(4);
    assertThat(promise(surrogate, origin.tokens())).isZero();
  }

  @Test
  void learnsWhatWordsLeaveUnexplained() {
    EvaluatedText origin = evaluated(tokens(ORIGIN));
    double with = error(origin, new Alone());
    double without = error(origin, null);
    assertThat(with).isLessThan(0.8 * without);
  }

  /** Mean squared error of the expected gains of unknown texts, per squared gain. */
  private double error(EvaluatedText origin, @Nullable TokenContributions words) {
    Surrogate surrogate = surrogate(origin, 40, words);
    double square = 0;
    double all = 0;
    for (int i = 0; i < 200; i++) {
      int[] text = changed(origin.tokens());
      double gain = evaluated(text).cosine() - origin.cosine();
      double expected = surrogate.expectedGain(surrogate.effects().sum(text), text.length);
      square += (gain - expected) * (gain - expected);
      all += gain * gain;
    }
    return square / all;
  }

  @Test
  void missesTheWordsThatTheTargetHas() {
    assertThat(evaluated(tokens(ORIGIN)).missing(new Alone(), target, 2))
        .containsExactlyInAnyOrder(tokens("old")[0], tokens("sea")[0]);
    assertThat(evaluated(tokens(ORIGIN)).missing(null, target, 2)).isEmpty();
  }

  /** Takes of a word what the text adds to the vector that is the word alone. */
  private final class Alone implements TokenContributions {
    private final float[][] vectors = embedder.embed(ToyEmbedder.vocabulary());

    @Override
    public float[] of(int token) {
      return vectors[token].clone();
    }

    @Override
    public List<Integer> nearest(float[] direction, int most) {
      return IntStream.range(1, vectors.length)
          .boxed()
          .sorted(Comparator.comparingDouble(t -> -Vectors.dot(vectors[t], direction)))
          .limit(most)
          .toList();
    }
  }

  @Test
  void judgesAChangedTextAsItWouldTheSameTextAfresh() {
    EvaluatedText origin = evaluated(tokens(ORIGIN));
    for (TokenContributions vectors : Arrays.asList(null, new Alone())) {
      Surrogate surrogate = surrogate(origin, 60, vectors);
      LanguageModel model =
          (beforeLast, last, next) -> -((beforeLast * 7 + last * 3 + next) & 15) / 8f;
      Fluency fluency = new Fluency(model, 0.003);
      int[] all = IntStream.range(1, ToyEmbedder.vocabulary().size()).toArray();
      for (String text : List.of("sea", "old sea", "the old king the loved ship")) {
        int[] tokens = tokens(text);
        BestTexts best = new BestTexts(Integer.MAX_VALUE, new HashSet<>());
        BestTexts few = new BestTexts(20, new HashSet<>());
        EditEvaluator evaluator =
            new EditEvaluator(
                new ScoredText(tokens, surrogate.effects().sum(tokens), 0),
                surrogate,
                fluency,
                -0.01);
        List<Edit> orders = new ArrayList<>(Reorderings.of(tokens));
        List<Edit> gaps = new ArrayList<>();
        for (int i = 0; i <= tokens.length; i++) {
          gaps.add(new Edit.Insertion(i, EditEvaluator.MASK));
          if (i < tokens.length) {
            gaps.add(new Edit.Substitution(i, EditEvaluator.MASK));
            orders.add(new Edit.Deletion(i));
          }
        }
        Set<ImmutableIntArray> expected = new HashSet<>();
        for (Edit order : orders) {
          evaluator.apply(order);
          evaluator.offerTo(best);
          evaluator.offerTo(few);
          expected.add(ImmutableIntArray.copyOf(order.apply(tokens)));
        }
        for (Edit gap : gaps) {
          evaluator.apply(gap);
          evaluator.offerTo(best, new WordScores(surrogate, all));
          evaluator.offerTo(few, new WordScores(surrogate, all));
          for (int word : all) {
            expected.add(
                ImmutableIntArray.copyOf(
                    Arrays.stream(gap.apply(tokens))
                        .map(t -> t == EditEvaluator.MASK ? word : t)
                        .toArray()));
          }
        }
        expected.remove(ImmutableIntArray.of());
        assertThat(best.toList())
            .extracting(d -> ImmutableIntArray.copyOf(d.tokens()))
            .containsExactlyInAnyOrderElementsOf(expected);
        for (ScoredText d : best.toList()) {
          float[] afresh = surrogate.effects().sum(d.tokens());
          int length = d.tokens().length;
          for (int k = 0; k < afresh.length; k++) {
            assertThat(d.sums()[k]).isCloseTo(afresh[k], within(1e-4f));
          }
          assertThat(d.score())
              .isCloseTo(
                  (surrogate.expectedGain(afresh, length) + fluency.of(d.tokens(), length) + 0.01)
                      * Surrogate.inverseStdDev(length, surrogate.posteriorVariance(afresh)),
                  within(1e-3));
        }
        assertThat(few.toList())
            .extracting(ScoredText::score)
            .containsExactlyElementsOf(
                best.toList().stream().limit(20).map(ScoredText::score).toList());
      }
    }
  }

  @Test
  void aPredictionIsTheLessCertainTheMoreOfItIsUnknown() {
    assertThat(Surrogate.inverseStdDev(1, 0.999f)).isCloseTo(1, within(1e-6));
    assertThat(Surrogate.inverseStdDev(6, 3.999f)).isCloseTo(3, within(1e-6));
    assertThat(Surrogate.inverseStdDev(6, -0.1f)).isCloseTo(6 / Math.sqrt(0.001), within(1e-6));
  }

  @Test
  void learnsNothingFromTextsOfTheSameTokens() {
    EvaluatedText origin = evaluated(tokens(ORIGIN));
    Surrogate surrogate =
        Surrogate.fit(origin, List.of(origin, evaluated(tokens(ORIGIN))), target, 256, 32, null);
    assertThat(promise(surrogate, tokens(TEXT))).isZero();
  }

  @Test
  void knowsWhichFeaturesItHasNotSeen() {
    EvaluatedText origin = evaluated(tokens(ORIGIN));
    Surrogate surrogate =
        Surrogate.fit(origin, List.of(origin, evaluated(tokens(TEXT))), target, 256, 32, null);
    assertThat(surrogate.unseenFeatures(origin.tokens()).asList()).isEmpty();
    assertThat(surrogate.unseenFeatures(tokens(TEXT)).asList()).isEmpty();
    // The word itself, its neighbours on each side and two with one between.
    int[] other = origin.tokens().clone();
    other[2] = tokens("dog")[0];
    assertThat(surrogate.unseenFeatures(other).asList()).hasSize(5);
  }

  @Test
  void featuresCountOccurrencesPerToken() {
    TextFeatures twice = TextFeatures.of(new int[] {7, 7});
    // 7 twice; begin-7, 7-7, 7-end; begin-7 and 7-end with one between, at half the square.
    assertThat(twice.dot(twice)).isCloseTo((4 + 3 + 2 * 0.5) / 4, within(1e-6));
    assertThat(twice.dot(TextFeatures.of(new int[] {8}))).isZero();
  }
}
