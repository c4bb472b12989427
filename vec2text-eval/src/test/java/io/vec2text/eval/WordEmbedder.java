package io.vec2text.eval;

import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.Tokenization;
import io.vec2text.Vectors;
import io.vec2text.eval.internal.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Random word vectors, weighted by position; case and spacing do not show. */
public final class WordEmbedder implements Embedder {
  public static final int DIMENSION = 32;

  public final AtomicInteger embedded = new AtomicInteger();
  private final EmbeddingSpace space =
      new EmbeddingSpace("test/words", "", DIMENSION, EmbeddingSpace.Pooling.MEAN, true, "", 256);
  private final List<String> vocabulary = new ArrayList<>();

  @Override
  public EmbeddingSpace space() {
    return space;
  }

  @Override
  public float[][] embed(List<String> texts) {
    embedded.addAndGet(texts.size());
    return texts.stream().map(this::embed).toArray(float[][]::new);
  }

  private float[] embed(String text) {
    float[] sum = new float[DIMENSION];
    sum[0] = 0.1f;
    int position = 0;
    for (String word : words(text)) {
      Random random = new Random(word.hashCode());
      double weight = 1 + 0.3 / (1 + position++);
      for (int i = 0; i < DIMENSION; i++) {
        sum[i] += (float) (weight * random.nextGaussian());
      }
    }
    return Vectors.unit(sum);
  }

  private static List<String> words(String text) {
    return Words.split(text.toLowerCase(Locale.ROOT));
  }

  @Override
  public String normalize(String text) {
    return String.join(" ", words(text));
  }

  /**
   * A word is one token, but with hyphens: the parts of {@code a-b} are {@code a} and {@code ##b}.
   */
  @Override
  public Optional<Tokenization> tokenization() {
    return Optional.of(
        new Tokenization() {
          @Override
          public List<int[]> encode(List<String> texts) {
            return texts.stream().map(t -> tokens(t)).toList();
          }

          @Override
          public String decode(int[] tokens) {
            StringBuilder out = new StringBuilder();
            for (int token : tokens) {
              String piece = vocabulary.get(token);
              boolean first = out.length() == 0;
              out.append(first ? "" : piece.startsWith("-") ? "-" : " ");
              out.append(piece.startsWith("-") ? piece.substring(1) : piece);
            }
            return out.toString();
          }
        });
  }

  private synchronized int[] tokens(String text) {
    List<Integer> ids = new ArrayList<>();
    for (String word : words(text)) {
      String[] parts = word.split("-", -1);
      for (int i = 0; i < parts.length; i++) {
        String piece = i == 0 ? parts[i] : "-" + parts[i];
        if (!vocabulary.contains(piece)) {
          vocabulary.add(piece);
        }
        ids.add(vocabulary.indexOf(piece));
      }
    }
    return ids.stream().mapToInt(i -> i).toArray();
  }
}
