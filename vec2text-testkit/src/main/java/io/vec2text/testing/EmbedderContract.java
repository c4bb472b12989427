package io.vec2text.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import io.vec2text.Embedder;
import io.vec2text.Tokenization;
import io.vec2text.Vectors;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Embedder} must do. A test class of an implementation extends this one. */
public abstract class EmbedderContract {
  private Embedder embedder;

  /** An open embedder: a new one, or one that {@link #release} kept. */
  protected abstract Embedder create() throws Exception;

  /** Closes an embedder after a test. Where opening one is slow, it may be kept for the next. */
  protected void release(Embedder embedder) {
    embedder.close();
  }

  /** Texts of different lengths, at least three, whose vectors differ. */
  protected List<String> texts() {
    return List.of(
        "the old king",
        "a dog",
        "the young woman wrote a long letter to her friend by the sea, and never sent it",
        "rain");
  }

  /** By how much a component may change with the batch that a text is in. */
  protected double tolerance() {
    return 1e-5;
  }

  @BeforeEach
  void open() throws Exception {
    embedder = create();
  }

  @AfterEach
  void close() {
    release(embedder);
  }

  private void assertClose(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat((double) actual[i]).isCloseTo(expected[i], within(tolerance()));
    }
  }

  private float[] embedOne(String text) {
    return embedder.embed(List.of(text))[0];
  }

  @Test
  void vectorsAreOfTheSpace() {
    for (float[] v : embedder.embed(texts())) {
      Vectors.check(v, embedder.space());
      if (embedder.space().normalized()) {
        assertThat(Vectors.norm(v)).isCloseTo(1, within(1e-3));
      }
    }
  }

  @Test
  void aBatchKeepsItsOrderAndEqualsSingleCalls() {
    List<String> reversed = ImmutableList.copyOf(texts()).reverse();
    float[][] vectors = embedder.embed(reversed);
    assertThat(vectors.length).isEqualTo(reversed.size());
    for (int i = 0; i < vectors.length; i++) {
      assertClose(vectors[i], embedOne(reversed.get(i)));
    }
  }

  @Test
  void differentTextsHaveDifferentVectors() {
    float[][] vectors = embedder.embed(texts());
    for (int i = 1; i < vectors.length; i++) {
      assertThat(Vectors.cosine(vectors[0], vectors[i])).isLessThan(0.99);
    }
  }

  @Test
  void noTextsHaveNoVectors() {
    assertThat(embedder.embed(List.of()).length).isZero();
  }

  @Test
  void theEmptyTextHasAVector() {
    float[] v = embedOne("");
    assertThat(v).hasSize(embedder.space().dimension());
    for (float x : v) {
      assertThat(x).isFinite();
    }
    assertClose(embedder.embed(List.of(texts().get(2), ""))[1], v);
  }

  @Test
  void aLongTextHasAVector() {
    String text = String.join(" ", Collections.nCopies(200, String.join(" ", texts())));
    Vectors.check(embedOne(text), embedder.space());
  }

  @Test
  void theNormalFormHasTheSameVectorAndIsItsOwnNormalForm() {
    for (String text : texts()) {
      String form = embedder.normalize(text);
      assertClose(embedOne(form), embedOne(text));
      assertThat(embedder.normalize(form)).isEqualTo(form);
    }
  }

  @Test
  void whatItsTokensSpellHasTheSameVector() {
    Assumptions.assumeTrue(embedder.tokenization().isPresent(), "shows no tokens");
    Tokenization tokens = embedder.tokenization().orElseThrow();
    List<int[]> encoded = tokens.encode(texts());
    assertThat(encoded).hasSameSizeAs(texts());
    for (int i = 0; i < encoded.size(); i++) {
      String spelled = tokens.decode(encoded.get(i));
      assertClose(embedOne(spelled), embedOne(texts().get(i)));
      assertThat(tokens.encode(List.of(spelled)).get(0)).isEqualTo(encoded.get(i));
    }
    assertThat(tokens.encode(List.of("")).get(0)).isEmpty();
    assertThat(tokens.decode(new int[0])).isEmpty();
  }

  @Test
  void eightThreadsAgree() throws Exception {
    float[][] expected = embedder.embed(texts());
    for (float[][] vectors : Threads.results(() -> embedder.embed(texts()))) {
      for (int i = 0; i < expected.length; i++) {
        assertClose(vectors[i], expected[i]);
      }
    }
  }

  @Test
  void closeWaitsForCallsInFlightAndEndsService() throws Exception {
    Threads.closeInFlight(() -> Arrays.stream(embedder.embed(texts())).toList(), embedder);
  }
}
