package io.vec2text.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.primitives.ImmutableIntArray;
import io.vec2text.Hypothesis;
import io.vec2text.LanguageModel;
import io.vec2text.Vectors;
import io.vec2text.WordVectors;
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

  private Paid paid(int[] tokens) {
    String text = embedder.tokenization().decode(tokens);
    float[] vector = Vectors.unit(embedder.embed(List.of(text))[0]);
    Paid paid =
        new Paid(
            new Hypothesis(text, vector, Vectors.cosine(vector, target)),
            vector,
            Origin.SUBSTITUTION);
    paid.tokens(tokens);
    return paid;
  }

  private int[] tokens(String text) {
    return embedder.tokenization().encode(List.of(text)).get(0);
  }

  /** A text one random change away. */
  private int[] changed(int[] tokens) {
    int words = ToyEmbedder.vocabulary().size();
    int at = random.nextInt(tokens.length);
    Change change =
        switch (random.nextInt(3)) {
          case 0 -> new Change.Substitution(at, random.nextInt(words));
          case 1 -> new Change.Insertion(at, random.nextInt(words));
          default -> new Change.Swap(Math.max(0, at - 1), Math.max(1, at));
        };
    return change.apply(tokens);
  }

  private Surrogate surrogate(Paid origin, int known) {
    return surrogate(origin, known, null);
  }

  private Surrogate surrogate(Paid origin, int known, @Nullable WordVectors words) {
    List<Paid> pool = new ArrayList<>(List.of(origin));
    for (int i = 0; i < known; i++) {
      pool.add(paid(changed(origin.tokens())));
    }
    return new Surrogate(origin, pool, target, 256, 32, words);
  }

  private static double promise(Surrogate surrogate, int[] tokens) {
    float[] sums = surrogate.sums(tokens);
    return surrogate.expectedGain(sums, tokens.length)
        * Surrogate.certainty(tokens.length, surrogate.novelty(sums));
  }

  @Test
  void theOriginPromisesNothing() {
    Paid origin = paid(tokens(ORIGIN));
    assertThat(promise(surrogate(origin, 50), origin.tokens())).isZero();
    assertThat(promise(surrogate(origin, 0), tokens(TEXT))).isZero();
  }

  @Test
  void ranksUnknownTextsByWhatItKnowsOfTheirParts() {
    Paid origin = paid(tokens(ORIGIN));
    Surrogate surrogate = surrogate(origin, 200);
    List<int[]> texts = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      texts.add(changed(changed(origin.tokens())));
    }
    texts.sort(Comparator.comparingDouble(t -> -promise(surrogate, t)));
    double best =
        texts.subList(0, 40).stream().mapToDouble(t -> paid(t).cosine()).average().orElseThrow();
    double all = texts.stream().mapToDouble(t -> paid(t).cosine()).average().orElseThrow();
    assertThat(best).isGreaterThan(all + 0.03);
  }

  @Test
  void expectsOfWordsThatNoTextHasWhatTheyAddAtLarge() {
    Paid origin = paid(tokens(ORIGIN));
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
    assertThat(surrogate.unknownFeatures(best).asList()).hasSize(4);
    assertThat(promise(surrogate, origin.tokens())).isZero();
  }

  @Test
  void learnsWhatWordsLeaveUnexplained() {
    Paid origin = paid(tokens(ORIGIN));
    double with = error(origin, new Alone());
    double without = error(origin, null);
    assertThat(with).isLessThan(0.8 * without);
  }

  /** Mean squared error of the expected gains of unknown texts, per squared gain. */
  private double error(Paid origin, @Nullable WordVectors words) {
    Surrogate surrogate = surrogate(origin, 40, words);
    double square = 0;
    double all = 0;
    for (int i = 0; i < 200; i++) {
      int[] text = changed(origin.tokens());
      double gain = paid(text).cosine() - origin.cosine();
      double expected = surrogate.expectedGain(surrogate.sums(text), text.length);
      square += (gain - expected) * (gain - expected);
      all += gain * gain;
    }
    return square / all;
  }

  @Test
  void missesTheWordsThatTheTargetHas() {
    assertThat(paid(tokens(ORIGIN)).missing(new Alone(), target, 2))
        .containsExactlyInAnyOrder(tokens("old")[0], tokens("sea")[0]);
    assertThat(paid(tokens(ORIGIN)).missing(null, target, 2)).isEmpty();
  }

  /** Takes of a word what the text adds to the vector that is the word alone. */
  private final class Alone implements WordVectors {
    private final float[][] vectors = embedder.embed(ToyEmbedder.vocabulary());

    @Override
    public float[] of(int token) {
      return vectors[token].clone();
    }

    @Override
    public List<Integer> furthest(float[] direction, int most) {
      return IntStream.range(1, vectors.length)
          .boxed()
          .sorted(Comparator.comparingDouble(t -> -Vectors.dot(vectors[t], direction)))
          .limit(most)
          .toList();
    }
  }

  @Test
  void judgesAChangedTextAsItWouldTheSameTextAfresh() {
    Paid origin = paid(tokens(ORIGIN));
    for (WordVectors vectors : Arrays.asList(null, new Alone())) {
      Surrogate surrogate = surrogate(origin, 60, vectors);
      LanguageModel model =
          (beforeLast, last, next) -> -((beforeLast * 7 + last * 3 + next) & 15) / 8f;
      Fluency fluency = new Fluency(model, 0.003);
      int[] all = IntStream.range(1, ToyEmbedder.vocabulary().size()).toArray();
      for (String text : List.of("sea", "old sea", "the old king the loved ship")) {
        int[] tokens = tokens(text);
        BestDrafts best = new BestDrafts(Integer.MAX_VALUE, new HashSet<>());
        BestDrafts few = new BestDrafts(20, new HashSet<>());
        ChangedText changed =
            new ChangedText(
                new Draft(tokens, surrogate.sums(tokens), 0), surrogate, fluency, -0.01);
        List<Change> orders = new ArrayList<>(OrderMoves.of(tokens));
        List<Change> gaps = new ArrayList<>();
        for (int i = 0; i <= tokens.length; i++) {
          gaps.add(new Change.Insertion(i, ChangedText.GAP));
          if (i < tokens.length) {
            gaps.add(new Change.Substitution(i, ChangedText.GAP));
            orders.add(new Change.Deletion(i));
          }
        }
        Set<ImmutableIntArray> expected = new HashSet<>();
        for (Change order : orders) {
          changed.make(order);
          changed.offerTo(best);
          changed.offerTo(few);
          expected.add(ImmutableIntArray.copyOf(order.apply(tokens)));
        }
        for (Change gap : gaps) {
          changed.make(gap);
          changed.offerTo(best, surrogate.words(all));
          changed.offerTo(few, surrogate.words(all));
          for (int word : all) {
            expected.add(
                ImmutableIntArray.copyOf(
                    Arrays.stream(gap.apply(tokens))
                        .map(t -> t == ChangedText.GAP ? word : t)
                        .toArray()));
          }
        }
        expected.remove(ImmutableIntArray.of());
        assertThat(best.toList())
            .extracting(d -> ImmutableIntArray.copyOf(d.tokens()))
            .containsExactlyInAnyOrderElementsOf(expected);
        for (Draft d : best.toList()) {
          float[] afresh = surrogate.sums(d.tokens());
          int length = d.tokens().length;
          for (int k = 0; k < afresh.length; k++) {
            assertThat(d.sums()[k]).isCloseTo(afresh[k], within(1e-4f));
          }
          assertThat(d.promise())
              .isCloseTo(
                  (surrogate.expectedGain(afresh, length) + fluency.of(d.tokens(), length) + 0.01)
                      * Surrogate.certainty(length, surrogate.novelty(afresh)),
                  within(1e-3));
        }
        assertThat(few.toList())
            .extracting(Draft::promise)
            .containsExactlyElementsOf(
                best.toList().stream().limit(20).map(Draft::promise).toList());
      }
    }
  }

  @Test
  void learnsNothingFromTextsOfTheSameTokens() {
    Paid origin = paid(tokens(ORIGIN));
    Surrogate surrogate =
        new Surrogate(origin, List.of(origin, paid(tokens(ORIGIN))), target, 256, 32, null);
    assertThat(promise(surrogate, tokens(TEXT))).isZero();
  }

  @Test
  void knowsWhichFeaturesItHasNotSeen() {
    Paid origin = paid(tokens(ORIGIN));
    Surrogate surrogate =
        new Surrogate(origin, List.of(origin, paid(tokens(TEXT))), target, 256, 32, null);
    assertThat(surrogate.unknownFeatures(origin.tokens()).asList()).isEmpty();
    assertThat(surrogate.unknownFeatures(tokens(TEXT)).asList()).isEmpty();
    // The word itself, its neighbours on each side and two with one between.
    int[] other = origin.tokens().clone();
    other[2] = tokens("dog")[0];
    assertThat(surrogate.unknownFeatures(other).asList()).hasSize(5);
  }

  @Test
  void featuresCountOccurrencesPerToken() {
    TextFeatures twice = TextFeatures.of(new int[] {7, 7});
    // 7 twice; begin-7, 7-7, 7-end; begin-7 and 7-end with one between, at half the square.
    assertThat(twice.dot(twice)).isCloseTo((4 + 3 + 2 * 0.5) / 4, within(1e-6));
    assertThat(twice.dot(TextFeatures.of(new int[] {8}))).isZero();
  }
}
