package io.vec2text.eval.internal.setup;

import com.google.common.collect.ImmutableList;
import io.vec2text.Cancellation;
import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.Vectors;
import io.vec2text.eval.EvaluationSet;
import io.vec2text.eval.internal.report.Figures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * The floor that an inverter must beat: answers a vector with the text of a corpus whose vector has
 * the highest cosine, by exhaustive search. That is what an attacker can do without any model.
 */
public final class NearestNeighbour extends OneByOneInverter {
  private final ImmutableList<String> texts;
  private final VectorMatrix vectors;

  private NearestNeighbour(EmbeddingSpace space, List<String> texts, VectorMatrix vectors) {
    super(space);
    this.texts = ImmutableList.copyOf(texts);
    this.vectors = vectors;
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
    return new NearestNeighbour(
        embedder.space(), texts, CorpusVectors.embed(texts, embedder, listener, cancellation));
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
    VectorMatrix vectors =
        CorpusVectors.open(corpus.name(), texts, cacheDirectory, embedder, listener, cancellation);
    return new NearestNeighbour(embedder.space(), texts, vectors);
  }

  /** What to call it in tables. */
  public String name() {
    return Figures.format("nearest of %,d", size());
  }

  /** The texts in the corpus. */
  public int size() {
    return texts.size();
  }

  @Override
  protected Found find(float[] target, InversionOptions options) {
    int best = 0;
    float highest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < texts.size(); i++) {
      float dot = vectors.dot(i, target);
      if (dot > highest) {
        highest = dot;
        best = i;
      }
    }
    return new Found(texts.get(best), Vectors.cosine(vectors.row(best), target), 0, 0);
  }
}
