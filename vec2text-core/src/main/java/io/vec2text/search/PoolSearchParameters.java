package io.vec2text.search;

/**
 * The constants of {@link PoolSearch}. A share is the part of a round's quota that a proposer gets
 * where all have enough to propose, in proportion to the sum of the shares.
 *
 * @param width hypotheses expanded in a round, per target
 * @param frontier closest unexpanded hypotheses to choose those from
 * @param fluency what a nat of a text's log-probability is worth in cosine, at cosine 0; it fades
 *     in proportion to one less the best cosine, so that near the target only the vector counts
 * @param quota texts embedded in a round, per target
 * @param patience rounds without a new candidate after which nothing new is expected
 * @param guesses first guesses
 * @param corrections corrections of whole texts
 * @param edits single-token edits
 * @param orders changes of order
 * @param predictions texts predicted to be closer
 */
record PoolSearchParameters(
    int width,
    int frontier,
    double fluency,
    int quota,
    int patience,
    Guesses guesses,
    Corrections corrections,
    Edits edits,
    Orders orders,
    Predictions predictions) {

  /**
   * Those of {@link Search#pool()}, chosen with 40 sentences of 9-16 tokens of the dev split; the
   * experiments are in training/EXPERIMENTS.md. What matters most: that a nat of fluency is worth
   * .01 to .03, and small rounds, which learn more often.
   */
  static PoolSearchParameters defaults() {
    return new PoolSearchParameters(
        1,
        64,
        0.02,
        16,
        3,
        new Guesses(16),
        new Corrections(3, 8, 8, 0.8),
        new Edits(4, 28, 24, 6),
        new Orders(1),
        new Predictions(8, 16, 0.25, 3, 3, 6, 120, 40, 45, 6, 2, 256, 32));
  }

  /**
   * First guesses.
   *
   * @param beams width of the beam search
   */
  record Guesses(int beams) {}

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
   * Changes of order of the closest text.
   *
   * @param share share of the quota
   */
  record Orders(double share) {}

  /**
   * Texts predicted to be closer.
   *
   * @param share share of the quota
   * @param count texts proposed
   * @param relaxed part of its worth that fluency has in every other round
   * @param beamSeeds closest texts that are changed
   * @param depth changes made one after the other
   * @param beam texts kept for the next change
   * @param kept changed texts of each depth to choose the proposals from
   * @param missing words to write that the closest text most lacks, by what they add to a vector
   * @param words words to write that promised most as edits
   * @param vocabularyTexts closest texts whose words are written too
   * @param maxPerUnseenFeature texts of a round that may share a feature of which nothing is known
   * @param trainingTexts texts to learn from
   * @param rank directions kept of the space of vectors
   */
  record Predictions(
      double share,
      int count,
      double relaxed,
      int beamSeeds,
      int depth,
      int beam,
      int kept,
      int missing,
      int words,
      int vocabularyTexts,
      int maxPerUnseenFeature,
      int trainingTexts,
      int rank) {}
}
