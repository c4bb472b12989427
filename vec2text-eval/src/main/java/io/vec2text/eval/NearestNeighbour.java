package io.vec2text.eval;

import static com.google.common.base.Preconditions.checkArgument;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.vec2text.Cancellation;
import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/**
 * The floor that an inverter must beat: answers a vector with the text of a corpus whose vector has
 * the highest cosine, by exhaustive search. That is what a thief can do without any model.
 */
public final class NearestNeighbour extends FloorInverter {
  private static final int BATCH = 64;

  private final ImmutableList<String> texts;
  private final float[] matrix;
  private final int dimension;

  private NearestNeighbour(EmbeddingSpace space, List<String> texts, float[] matrix) {
    super(space);
    this.texts = ImmutableList.copyOf(texts);
    this.matrix = matrix;
    dimension = space.dimension();
  }

  /**
   * Embeds a corpus. 100,000 sentences take minutes; {@link #open} keeps their vectors on disk.
   *
   * @param texts the corpus, at least one text
   * @param embedder its embedder; not kept
   * @param listener hears how many texts are embedded
   * @param cancellation stops the embedding
   * @throws CancellationException if cancelled
   */
  public static NearestNeighbour of(
      List<String> texts, Embedder embedder, EvalListener listener, Cancellation cancellation) {
    checkSize(texts.size(), embedder.space().dimension());
    return new NearestNeighbour(
        embedder.space(), texts, embed(texts, embedder, listener, cancellation));
  }

  /**
   * Embeds the corpus in a file, or reads its vectors if that was done before. They are kept in the
   * cache directory as a NumPy array (float32, one row a text) whose name holds a hash of the texts
   * and of the embedding space, so that a changed corpus is embedded anew.
   *
   * @param file texts in UTF-8, one a line; blank lines are left out
   * @param cacheDirectory where the vectors are kept; made if it does not exist
   * @param embedder its embedder; not kept
   * @param listener hears how many texts are embedded
   * @param cancellation stops the embedding
   * @throws IOException if the texts can't be read, or the vectors neither read nor written
   * @throws IllegalArgumentException if the file holds no text
   * @throws CancellationException if cancelled
   */
  public static NearestNeighbour open(
      Path file,
      Path cacheDirectory,
      Embedder embedder,
      EvalListener listener,
      Cancellation cancellation)
      throws IOException {
    EvaluationSet corpus = EvaluationSet.read(file);
    List<String> texts = corpus.texts();
    EmbeddingSpace space = embedder.space();
    checkSize(texts.size(), space.dimension());
    Path cache = cacheDirectory.resolve(corpus.name() + "." + key(texts, space) + ".npy");
    float[] matrix;
    if (Files.exists(cache)) {
      matrix = NpyMatrix.read(cache, texts.size(), space.dimension());
    } else {
      matrix = embed(texts, embedder, listener, cancellation);
      Files.createDirectories(cacheDirectory);
      NpyMatrix.write(cache, matrix, space.dimension());
    }
    return new NearestNeighbour(space, texts, matrix);
  }

  /** The texts in the corpus. */
  public int size() {
    return texts.size();
  }

  @Override
  Found find(float[] target, InversionOptions options) {
    int best = 0;
    float highest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < texts.size(); i++) {
      float dot = dot(i * dimension, target);
      if (dot > highest) {
        highest = dot;
        best = i;
      }
    }
    float[] vector = new float[dimension];
    System.arraycopy(matrix, best * dimension, vector, 0, dimension);
    return new Found(texts.get(best), Vectors.cosine(vector, target), 0);
  }

  /** The inner product of a row with a vector; independent sums let the processor overlap them. */
  private float dot(int offset, float[] v) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int i = 0;
    for (; i + 3 < v.length; i += 4) {
      s0 += matrix[offset + i] * v[i];
      s1 += matrix[offset + i + 1] * v[i + 1];
      s2 += matrix[offset + i + 2] * v[i + 2];
      s3 += matrix[offset + i + 3] * v[i + 3];
    }
    for (; i < v.length; i++) {
      s0 += matrix[offset + i] * v[i];
    }
    return s0 + s1 + (s2 + s3);
  }

  private static float[] embed(
      List<String> texts, Embedder embedder, EvalListener listener, Cancellation cancellation) {
    int dimension = embedder.space().dimension();
    float[] matrix = new float[texts.size() * dimension];
    // Texts of like length share a batch, so that little of it is padding.
    List<Integer> order =
        IntStream.range(0, texts.size())
            .boxed()
            .sorted(Comparator.comparing(i -> texts.get(i).length()))
            .toList();
    for (int start = 0; start < order.size(); start += BATCH) {
      if (cancellation.requested()) {
        throw new CancellationException("embedding the corpus was cancelled");
      }
      List<Integer> rows = order.subList(start, Math.min(start + BATCH, order.size()));
      float[][] vectors = embedder.embed(rows.stream().map(texts::get).toList());
      for (int i = 0; i < vectors.length; i++) {
        System.arraycopy(Vectors.unit(vectors[i]), 0, matrix, rows.get(i) * dimension, dimension);
      }
      listener.progress("embedding the corpus", start + rows.size(), order.size());
    }
    return matrix;
  }

  private static void checkSize(int texts, int dimension) {
    checkArgument(texts > 0, "the corpus holds no text");
    checkArgument(
        (long) texts * dimension < Integer.MAX_VALUE - 8L,
        "the corpus must hold fewer than %s texts, holds %s",
        (Integer.MAX_VALUE - 8L) / dimension,
        texts);
  }

  private static String key(List<String> texts, EmbeddingSpace space) {
    Hasher hasher = Hashing.sha256().newHasher();
    String of =
        String.join("\n", space.modelId(), space.variant(), space.pooling().name(), space.prefix());
    hasher.putString(of, UTF_8).putInt(space.dimension()).putInt(space.tokenLimit());
    for (String text : texts) {
      hasher.putString(text, UTF_8).putChar('\n');
    }
    return hasher.hash().toString().substring(0, 16);
  }
}
