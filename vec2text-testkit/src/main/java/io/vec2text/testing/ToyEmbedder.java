package io.vec2text.testing;

import com.google.common.base.Splitter;
import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.Tokenization;
import io.vec2text.Vectors;
import io.vec2text.internal.CloseGuard;
import io.vec2text.spi.VectorStatistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * An embedder made of hashed word and position vectors: exact answers in microseconds. As the real
 * ones, it pools the mean of states that depend on word, position and, a little, on the word
 * before, does not see case and spacing, and reads unknown words as one.
 */
public final class ToyEmbedder implements Embedder {
  /** Components of a vector. */
  public static final int DIMENSION = 64;

  private static final int TOKENS = 64;

  /** Its space. */
  public static final EmbeddingSpace SPACE =
      new EmbeddingSpace("toy", "fp32", DIMENSION, EmbeddingSpace.Pooling.MEAN, true, "", TOKENS);

  private static final Splitter SPACES =
      Splitter.onPattern("\\s+").trimResults().omitEmptyStrings();
  private static final List<String> VOCABULARY =
      Splitter.on(' ')
          .splitToList(
              "[unk] the a of to and in is was for on with as by at from that it his her old new"
                  + " young big small red blue green cold warm dark bright quick slow cat dog bird"
                  + " horse fish tree river house road town city king queen child woman man friend"
                  + " letter book song story garden window door table bread water fire stone gold"
                  + " silver night morning summer winter rain snow wind sea ship island mountain"
                  + " ran walked slept sang wrote read found lost gave took saw heard made broke"
                  + " opened closed crossed loved feared under over near behind never always");

  private final Map<String, Integer> ids = new LinkedHashMap<>();
  private final float[][] words = new float[VOCABULARY.size()][];
  private final float[][] positions = new float[TOKENS][];
  private final float[] start = hashed("start");
  private final AtomicLong embedded = new AtomicLong();
  private final CloseGuard gate = new CloseGuard("toy embedder");
  private final Tokenization tokenization = new Words();

  /** An open embedder. */
  public ToyEmbedder() {
    for (int i = 0; i < words.length; i++) {
      ids.put(VOCABULARY.get(i), i);
      words[i] = hashed("word " + VOCABULARY.get(i));
    }
    for (int i = 0; i < positions.length; i++) {
      positions[i] = hashed("position " + i);
    }
  }

  private static float[] hashed(String name) {
    Random random = new Random(name.hashCode());
    float[] v = new float[DIMENSION];
    for (int i = 0; i < v.length; i++) {
      v[i] = (float) random.nextGaussian();
    }
    return v;
  }

  /** All words it knows; a word's token id is its index. The first stands for all others. */
  public static List<String> vocabulary() {
    return VOCABULARY;
  }

  /** A random text of so many of its words. */
  public static String text(int words, Random random) {
    return random
        .ints(words, 1, VOCABULARY.size())
        .mapToObj(VOCABULARY::get)
        .collect(Collectors.joining(" "));
  }

  @Override
  public EmbeddingSpace space() {
    return SPACE;
  }

  @Override
  public float[][] embed(List<String> texts) {
    return gate.pass(
        () -> {
          embedded.addAndGet(texts.size());
          return tokenization.encode(texts).stream().map(this::vector).toArray(float[][]::new);
        });
  }

  /** Texts embedded so far. */
  public long embedded() {
    return embedded.get();
  }

  /** The hashed vector of a word, which its state is roughly in the direction of. */
  float[] word(int token) {
    return words[token];
  }

  float[] vector(int[] tokens) {
    int n = Math.min(tokens.length, positions.length);
    float[] sum = new float[DIMENSION];
    for (int t = 0; t < n; t++) {
      float[] word = words[tokens[t]];
      float[] position = positions[t];
      float[] before = t == 0 ? start : words[tokens[t - 1]];
      for (int i = 0; i < DIMENSION; i++) {
        sum[i] += (float) Math.tanh(word[i] * (1 + 0.4 * position[i]) + 0.15 * before[i]);
      }
    }
    for (int i = 0; i < DIMENSION; i++) {
      sum[i] += 0.5f * start[i];
    }
    return Vectors.unit(sum);
  }

  /** How the vectors of random texts of 1 to 12 words are distributed, an error of .05 included. */
  public VectorStatistics statistics() {
    Random random = new Random(17);
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < 4000; i++) {
      vectors.add(
          vector(tokenization.encode(List.of(text(1 + random.nextInt(12), random))).get(0)));
    }
    float[] mean = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      for (float[] v : vectors) {
        mean[i] += v[i] / vectors.size();
      }
    }
    float[] covariance = new float[DIMENSION * (DIMENSION + 1) / 2];
    for (int i = 0, at = 0; i < DIMENSION; i++) {
      for (int j = 0; j <= i; j++, at++) {
        for (float[] v : vectors) {
          covariance[at] += (v[i] - mean[i]) * (v[j] - mean[j]) / vectors.size();
        }
      }
      covariance[at - 1] += 0.05f * 0.05f / DIMENSION;
    }
    return new VectorStatistics(mean, covariance, 2.5);
  }

  @Override
  public String normalize(String text) {
    return tokenization.decode(tokenization.encode(List.of(text)).get(0));
  }

  @Override
  public Optional<Tokenization> tokenization() {
    return Optional.of(tokenization);
  }

  @Override
  public void close() {
    gate.close(() -> {});
  }

  private final class Words implements Tokenization {
    @Override
    public List<int[]> encode(List<String> texts) {
      List<int[]> encoded = new ArrayList<>();
      for (String text : texts) {
        encoded.add(
            SPACES
                .splitToStream(text.toLowerCase(Locale.ROOT))
                .mapToInt(w -> ids.getOrDefault(w, 0))
                .toArray());
      }
      return encoded;
    }

    @Override
    public OptionalInt unknown() {
      return OptionalInt.of(0);
    }

    @Override
    public String decode(int[] tokens) {
      return Arrays.stream(tokens).mapToObj(VOCABULARY::get).collect(Collectors.joining(" "));
    }
  }
}
