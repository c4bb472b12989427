package io.vec2text.eval.internal.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.vec2text.Cancellation;
import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.Vectors;
import io.vec2text.internal.OwnerOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/** Embeds corpora, and keeps their vectors on disk. */
public final class CorpusVectors {
  private static final int BATCH = 64;

  private CorpusVectors() {}

  /**
   * Embeds a corpus.
   *
   * @param texts at least one text
   * @param embedder its embedder
   * @param listener hears how many texts are embedded
   * @param cancellation stops the embedding
   * @return one vector of length 1 a text, in order
   * @throws IllegalArgumentException if there is no text
   * @throws CancellationException if cancelled
   */
  public static VectorMatrix embed(
      List<String> texts, Embedder embedder, EvalListener listener, Cancellation cancellation) {
    int dimension = embedder.space().dimension();
    float[] matrix = new float[VectorMatrix.checkSize(texts.size(), dimension)];
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
    return new VectorMatrix(matrix, dimension);
  }

  /**
   * Embeds a corpus, or reads its vectors if that was done before. They are kept as a NumPy array
   * (float32, one row a text) whose name holds a hash of the texts and of the embedding space, so
   * that a changed corpus is embedded anew.
   *
   * @param name what to call the file, in front of the hash
   * @param texts at least one text
   * @param cacheDirectory where the vectors are kept; made if it does not exist
   * @param embedder its embedder
   * @param listener hears how many texts are embedded
   * @param cancellation stops the embedding
   * @return one vector of length 1 a text, in order
   * @throws IOException if the vectors can be neither read nor written
   * @throws IllegalArgumentException if there is no text
   * @throws CancellationException if cancelled
   */
  public static VectorMatrix open(
      String name,
      List<String> texts,
      Path cacheDirectory,
      Embedder embedder,
      EvalListener listener,
      Cancellation cancellation)
      throws IOException {
    EmbeddingSpace space = embedder.space();
    int dimension = space.dimension();
    VectorMatrix.checkSize(texts.size(), dimension);
    Path cache = cacheDirectory.resolve(name + "." + key(texts, space) + ".npy");
    if (Files.exists(cache)) {
      return new VectorMatrix(NpyMatrix.read(cache, texts.size(), dimension), dimension);
    }
    VectorMatrix matrix = embed(texts, embedder, listener, cancellation);
    if (!Files.isDirectory(cacheDirectory)) {
      OwnerOnly.createFolder(cacheDirectory);
    }
    NpyMatrix.write(cache, matrix.values(), dimension);
    return matrix;
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
