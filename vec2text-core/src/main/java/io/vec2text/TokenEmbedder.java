package io.vec2text;

/**
 * The optional capability of an {@link Embedder} to show its tokens. A search that edits tokens
 * asks for it and does without where it is missing.
 */
public interface TokenEmbedder extends Embedder {

  /** The tokenization under which {@link #embed} reads its texts. */
  Tokenization tokenization();
}
