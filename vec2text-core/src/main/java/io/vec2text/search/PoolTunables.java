package io.vec2text.search;

/**
 * The constants of {@link PoolSearch}. A share is the part of a round's quota that a proposer gets
 * where all have enough to propose, in proportion to the sum of the shares.
 *
 * @param width hypotheses expanded in a round, per target
 * @param frontier closest unexpanded hypotheses that the editor scores, to choose those from
 * @param fluency what a nat of mean log-probability per token is worth in cosine, at cosine 0; it
 *     fades in proportion to one less the best cosine, so that near the target only the vector
 *     counts
 * @param quota candidates paid for in a round, per target
 * @param patience rounds without a new candidate after which nothing new is expected
 * @param guesses first guesses
 * @param corrections corrections of whole texts
 * @param edits single-token edits
 * @param sets sets of edits
 * @param orders changes of order
 * @param endings new endings
 * @param predictions texts predicted to be closer
 */
record PoolTunables(
    int width,
    int frontier,
    double fluency,
    int quota,
    int patience,
    Guesses guesses,
    Corrections corrections,
    Edits edits,
    Sets sets,
    Orders orders,
    Endings endings,
    Predictions predictions) {

  /**
   * Those of {@link Search#pool()}. Numbers of proposals are the prototype's. Of 40 toy texts of 8
   * words, at 1,000 embeddings: one hypothesis a round found 32, two found 23 (32 sets); with
   * rounds that only combine edits 37, without them 28 (24 sets); 16 sets found 38. With real
   * models, sets and edits were tuned: of wrong texts with 2-4 errors whose right edits were paid
   * for among 66 others, the right set was among the first 16 for 87 % (68 Wikipedia sentences of
   * 9-20 tokens, all-MiniLM-L6-v2). Of the texts in which a search of 400 embeddings ended, 5 % of
   * the insertions and 3 % of the substitutions among likely words still raised the cosine.
   */
  static PoolTunables defaults() {
    return new PoolTunables(
        1,
        4,
        0.24,
        64,
        3,
        new Guesses(16, 24, 0.8),
        new Corrections(3, 8, 8, 0.8),
        new Edits(4, 28, 24, 6),
        new Sets(3, 16, 5, 64, 24, 6),
        new Orders(1.5, 16, 0.95, 48),
        new Endings(1, 5, 2, 0.9),
        new Predictions(8, 16, 3, 3, 6, 120, 45, 6, 2, 256, 32));
  }

  /**
   * First guesses.
   *
   * @param beams width of the beam search
   * @param samples samples drawn
   * @param temperature of the samples
   */
  record Guesses(int beams, int samples, double temperature) {}

  /**
   * Corrections of a hypothesis.
   *
   * @param share share of the quota
   * @param beams width of the beam search
   * @param samples samples drawn
   * @param temperature of the samples
   */
  record Corrections(double share, int beams, int samples, double temperature) {}

  /**
   * Single-token edits of a hypothesis.
   *
   * @param share share of the quota
   * @param substitutions most promising substitutions
   * @param insertions most promising insertions
   * @param deletions most promising deletions
   */
  record Edits(double share, int substitutions, int insertions, int deletions) {}

  /**
   * Sets of edits of a hypothesis.
   *
   * @param share share of the quota
   * @param count sets proposed
   * @param size single edits in a set at most
   * @param effects most promising effects that sets are made of
   * @param starts effects that sets are grown from
   * @param beam sets kept for each start while growing
   */
  record Sets(double share, int count, int size, int effects, int starts, int beam) {}

  /**
   * Changes of order.
   *
   * @param share share of the quota
   * @param count changes proposed for a hypothesis, half of them swaps of neighbours
   * @param near cosine from which all changes of a hypothesis are proposed, bit by bit
   * @param nearCount changes then proposed in a round
   */
  record Orders(double share, int count, double near, int nearCount) {}

  /**
   * New endings of the first hypothesis.
   *
   * @param share share of the quota
   * @param prefixes beginnings that are kept
   * @param samples samples drawn for each
   * @param temperature of the samples
   */
  record Endings(double share, int prefixes, int samples, double temperature) {}

  /**
   * Texts predicted to be closer.
   *
   * @param share share of the quota
   * @param count texts proposed
   * @param starts closest texts that are changed
   * @param depth changes made one after the other
   * @param beam texts kept for the next change
   * @param kept changed texts of each depth to choose the proposals from
   * @param words promising words to write
   * @param read closest texts whose words are written too
   * @param same texts of a round that may share a feature of which nothing is known
   * @param known texts to learn from
   * @param rank directions kept of the space of vectors
   */
  record Predictions(
      double share,
      int count,
      int starts,
      int depth,
      int beam,
      int kept,
      int words,
      int read,
      int same,
      int known,
      int rank) {}
}
