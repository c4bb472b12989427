package io.vec2text.spi;

import java.util.List;

/**
 * The optional capability of a {@link Corrector} to score all single-token edits of a hypothesis
 * from one pass of its decoder.
 *
 * <p>An edit that writes word w at position t of hypothesis h scores {@code log p(w | h_<t) - log
 * p(h_t | h_<t) + rho (D_w - D_{h_t}) + kappa cos(v_w, v_{h_t})}, where {@code D = bag(target) -
 * bag(vector)} says which words are missing and which too many, and v are vectors of words: a wrong
 * word is often nearly the right one. What is not there, before an insertion or after a deletion,
 * counts nothing.
 */
public interface TokenEditScorer {

  /**
   * Scores single-token edits.
   *
   * @param requests requests that all carry a hypothesis
   * @param substitutions how many of the best substitutions to return per request
   * @param insertions how many of the best insertions to return per request
   * @return for each request, in order, its edits: best substitutions, best insertions and one
   *     deletion a token, each kind in falling order of score
   */
  List<Edits> edits(List<Corrector.Request> requests, int substitutions, int insertions);

  /** What to do at a position. */
  enum Kind {
    /** Replace the token at the position. */
    SUBSTITUTE,
    /** Put a token before the position. */
    INSERT,
    /** Drop the token at the position. */
    DELETE
  }

  /**
   * A single-token edit.
   *
   * @param kind what to do
   * @param position index in the hypothesis's tokens; an insertion may name the end
   * @param token id of the token to write; unused by deletions
   * @param score higher is more promising; comparable within a kind
   */
  record Edit(Kind kind, int position, int token, double score) {}

  /**
   * The edits of one hypothesis.
   *
   * @param tokens the hypothesis's tokens that positions refer to; of a long one, the first ones
   * @param edits its edits
   */
  @SuppressWarnings("ArrayRecordComponent") // vectors and tokens are arrays; never compared
  record Edits(int[] tokens, List<Edit> edits) {}
}
