package io.vec2text.internal;

import static com.google.common.base.Preconditions.checkArgument;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.Lists;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InferenceException;
import io.vec2text.Vectors;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Embeds texts by a model of another library: in calls of limited size, with the space's prefix,
 * and with nothing that comes back taken on trust.
 */
public final class ForeignModel {
  /** Texts in a call, unless said otherwise. */
  public static final int MAX_TEXTS = 256;

  /**
   * Stands for a blank text, which libraries and endpoints refuse: a space to tokenizers, but not
   * to {@link String#isBlank} and {@link String#trim}.
   */
  private static final String NO_BREAK_SPACE = "\u00a0";

  private final String name;
  private final EmbeddingSpace space;
  private final int maxTexts;
  private final Call call;
  private final CloseGuard gate;

  /** A call of the model. */
  @FunctionalInterface
  public interface Call {
    /** One vector for each text, in their order, if the model keeps its promises. */
    @Nullable List<float @Nullable []> embed(List<String> texts);
  }

  /**
   * A model.
   *
   * @param library what messages call its library
   * @param space of its vectors
   * @param maxTexts texts in a call
   * @throws IllegalArgumentException if {@code maxTexts} is below 1
   */
  public ForeignModel(String library, EmbeddingSpace space, int maxTexts, Call call) {
    checkArgument(maxTexts > 0, "maxTexts must be at least 1, was %s", maxTexts);
    this.space = requireNonNull(space, "space");
    this.maxTexts = maxTexts;
    this.call = requireNonNull(call, "call");
    name = library + "'s model of " + space.modelId();
    gate = new CloseGuard("embedder of " + space.modelId());
  }

  /**
   * The space of a model of which only name and dimension are known.
   *
   * @throws IllegalArgumentException if the model does not know its dimension
   */
  public static EmbeddingSpace space(String modelId, int dimension) {
    checkArgument(
        dimension > 0,
        "the model states %s as its dimension, expected at least 1: state the space",
        dimension);
    return EmbeddingSpace.of(modelId, dimension);
  }

  /** The space of its vectors. */
  public EmbeddingSpace space() {
    return space;
  }

  /**
   * Embeds texts.
   *
   * @throws InferenceException if the model fails, or gives something else than one finite vector
   *     of the space's dimension for each text; the message holds none
   * @throws IllegalStateException if this is closed
   */
  public float[][] embed(List<String> texts) {
    return gate.pass(
        () -> {
          float[][] vectors = new float[texts.size()][];
          int next = 0;
          for (List<String> part : Lists.partition(texts, maxTexts)) {
            for (float[] vector : embedPart(part.stream().map(this::sent).toList())) {
              vectors[next++] = vector;
            }
          }
          return vectors;
        });
  }

  /** A text as it is sent: with the prefix, and without half characters, which JSON can't hold. */
  private String sent(String text) {
    String whole = new String((space.prefix() + text).getBytes(UTF_8), UTF_8);
    return whole.isBlank() ? NO_BREAK_SPACE : whole;
  }

  private float[][] embedPart(List<String> texts) {
    List<float @Nullable []> found;
    try {
      found = call.embed(texts);
    } catch (RuntimeException e) {
      // Not its message: some quote the text.
      throw new InferenceException(
          name + " failed on " + texts.size() + " texts: " + e.getClass().getName(), e);
    }
    if (found == null || found.size() != texts.size()) {
      throw new InferenceException(
          name
              + " gave "
              + (found == null ? "no" : found.size())
              + " vectors, expected one for each of "
              + texts.size()
              + " texts");
    }
    float[][] vectors = new float[texts.size()][];
    for (int i = 0; i < vectors.length; i++) {
      try {
        float[] vector = Vectors.check(found.get(i), space);
        vectors[i] = space.normalized() ? Vectors.unit(vector) : vector.clone();
      } catch (IllegalArgumentException e) {
        throw new InferenceException(
            name + ", text " + (i + 1) + " of " + texts.size() + ": " + e.getMessage(), e);
      }
    }
    return vectors;
  }

  /** Waits for calls in flight and ends service. The model stays its owner's. */
  public void close() {
    gate.close(() -> {});
  }
}
