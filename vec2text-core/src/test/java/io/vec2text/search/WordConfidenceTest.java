package io.vec2text.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.vec2text.InversionResult.PredictedWords;
import io.vec2text.InversionResult.WordProbability;
import io.vec2text.internal.WordsAndMarks;
import io.vec2text.spi.Hypothesis;
import java.util.List;
import org.junit.jupiter.api.Test;

class WordConfidenceTest {
  private final CandidatePool pool = new CandidatePool();

  private void add(String text, double cosine) {
    pool.add(
        text,
        new EvaluatedText(
            new Hypothesis(text, new float[] {1}, cosine), new float[] {1}, Origin.FIRST_GUESS));
  }

  @Test
  void aWordThatTheVectorMissesIsSurerThanOneThatItDoesNot() {
    add("the old dog barked.", 0.98);
    add("the dog barked.", 0.979);
    add("the old barked.", 0.9);
    add("the old dog.", 0.85);
    List<WordProbability> words = WordConfidence.of(pool.best(), pool, null);
    assertThat(words)
        .extracting(WordProbability::word)
        .containsExactly("the", "old", "dog", "barked", ".");
    assertThat(words.get(1).probability()).isLessThan(words.get(2).probability());
    assertThat(words.get(2).probability()).isLessThan(words.get(3).probability());
    assertThat(words).allSatisfy(w -> assertThat(w.probability()).isBetween(0.0, 1.0));
  }

  @Test
  void eachOccurrenceIsJudgedByTextsWithFewer() {
    add("so so good", 0.97);
    add("so good", 0.969);
    add("good", 0.8);
    List<WordProbability> words = WordConfidence.of(pool.best(), pool, null);
    assertThat(words.get(0).probability()).isGreaterThan(words.get(1).probability());
  }

  @Test
  void wordsThatMayChangePlacesLowerEachOther() {
    add("revenue was 7 million, up 48 percent", 0.99);
    add("revenue was 48 million, up 7 percent", 0.989);
    add("revenue was 9 million, up 48 percent", 0.9);
    add("revenue was 7 million, up 12 percent", 0.9);
    add("profit was 7 million, up 48 percent", 0.9);
    add("revenue of 7 million or 48 parts", 0.5);
    List<WordProbability> words = WordConfidence.of(pool.best(), pool, null);
    double revenue = words.get(0).probability();
    assertThat(words)
        .filteredOn(w -> WordsAndMarks.isNumber(w.word()))
        .hasSize(2)
        .allSatisfy(w -> assertThat(w.probability()).isLessThan(revenue - 0.2));
  }

  @Test
  void aWordThatWasReadOffTheVectorIsSurer() {
    add("The dog barked", 0.97);
    add("dog barked", 0.9);
    add("the barked", 0.9);
    add("the dog", 0.9);
    List<WordProbability> words =
        WordConfidence.of(
            pool.best(),
            pool,
            new PredictedWords(
                List.of(new WordProbability("the", 0.9), new WordProbability("barked", 0.2)),
                3,
                false));
    assertThat(words.get(0).probability()).isGreaterThan(words.get(2).probability());
    assertThat(words.get(1).probability()).isEqualTo(words.get(2).probability());
  }

  @Test
  void ofALongerOriginalAWordIsMoreEasilyInItsPlace() {
    add("the dog barked", 0.8);
    add("the dog", 0.7);
    double whole = WordConfidence.of(pool.best(), pool, predicted(4)).get(0).probability();
    double part = WordConfidence.of(pool.best(), pool, predicted(100)).get(0).probability();
    assertThat(part).isGreaterThan(whole);
  }

  private static PredictedWords predicted(int tokens) {
    return new PredictedWords(List.of(new WordProbability("the", 0.5)), tokens, tokens > 40);
  }

  @Test
  void theWordsOfAnExactTextAreSure() {
    add("he left", 1);
    add("she left", 0.98);
    add("he was", 0.9);
    assertThat(WordConfidence.of(pool.best(), pool, null))
        .allSatisfy(w -> assertThat(w.probability()).isGreaterThan(0.98));
  }

  @Test
  void nothingFoundHasNoWords() {
    assertThat(WordConfidence.of(pool.best(), pool, null)).isEmpty();
  }
}
