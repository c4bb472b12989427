package io.vec2text;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

/**
 * Names the space that vectors live in. Vectors can be inverted only by models that were trained
 * for their space.
 *
 * @param modelId the embedding model, for example {@code sentence-transformers/all-MiniLM-L6-v2}
 * @param variant the numeric variant of the model, for example {@code fp32} or {@code int8}
 * @param dimension components of a vector, at least 1
 * @param pooling how token states become one vector
 * @param normalized whether vectors have unit length
 * @param prefix what the embedder puts before each text; empty for most
 * @param tokenLimit tokens, special ones included, past which the embedder does not read
 */
public record EmbeddingSpace(
    String modelId,
    String variant,
    int dimension,
    Pooling pooling,
    boolean normalized,
    String prefix,
    int tokenLimit) {

  /** How the states of a text's tokens become its vector. */
  public enum Pooling {
    /** The mean over all tokens, special ones included. */
    MEAN,
    /** The state of the first token. */
    CLS,
    /** Not known: the embedder is an API or does its own pooling. */
    UNKNOWN
  }

  /** Checks the arguments. */
  public EmbeddingSpace {
    requireNonNull(modelId, "modelId");
    requireNonNull(variant, "variant");
    requireNonNull(pooling, "pooling");
    requireNonNull(prefix, "prefix");
    checkArgument(dimension > 0, "dimension must be at least 1, was %s", dimension);
    checkArgument(tokenLimit > 0, "tokenLimit must be at least 1, was %s", tokenLimit);
  }

  /** A space known by model and dimension only, as of an API: unit length, no prefix. */
  public static EmbeddingSpace of(String modelId, int dimension) {
    return new EmbeddingSpace(modelId, "", dimension, Pooling.UNKNOWN, true, "", Integer.MAX_VALUE);
  }

  /** A short name for messages, for example {@code all-MiniLM-L6-v2 (fp32, 384)}. */
  @Override
  public String toString() {
    String v = variant.isEmpty() ? "" : variant + ", ";
    return modelId + " (" + v + dimension + ")";
  }
}
