package io.vec2text.eval.internal.runner;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.common.collect.ImmutableList;
import io.vec2text.eval.Provenance;
import io.vec2text.eval.Rate;
import java.util.List;
import java.util.Optional;

/**
 * What an inverter says of passages that are longer than it can write: no text is exact, and it
 * should know. Made by {@link PassageEvaluator}, shown by {@link PassageReport}.
 *
 * @param provenance what made it
 * @param rows figures by length
 * @param complete whether all passages were inverted; false if the evaluation was cancelled
 */
public record PassageEvaluation(Provenance provenance, List<Row> rows, boolean complete) {

  /** Checks and copies. */
  public PassageEvaluation {
    requireNonNull(provenance, "provenance");
    rows = ImmutableList.copyOf(rows);
  }

  /**
   * Figures of one length.
   *
   * @param tokens tokens of each passage, special ones not counted
   * @param exactVerdicts passages with the verdict exact; any is wrong unless {@code exact} counts
   *     it
   * @param exact passages recovered exactly, up to the normal form
   * @param exceedsSupportedLength passages marked as longer than the inverter can write
   * @param read passages of which the inverter stated length and words
   * @param lengthError mean absolute error of the stated length in tokens; empty if none was stated
   * @param lengthBias mean of stated less true length in tokens; empty if none was stated
   * @param words how good the listed words are, for each length of list
   * @param recall the largest share of the passages' words of four characters and more that the
   *     words listed hold, if only so many are taken, most probable first, that four in five occur;
   *     empty if there are no such words
   * @param cosine mean cosine with the target, as the inverter states
   * @param embeddings mean texts embedded for one vector
   * @param seconds mean work on one vector
   * @param errors inversions that failed; counted in no other figure
   */
  public record Row(
      int tokens,
      Rate exactVerdicts,
      Rate exact,
      Rate exceedsSupportedLength,
      Rate read,
      Optional<Double> lengthError,
      Optional<Double> lengthBias,
      List<WordList> words,
      Optional<Double> recall,
      double cosine,
      double embeddings,
      double seconds,
      int errors) {

    /** Copies. */
    public Row {
      words = ImmutableList.copyOf(words);
    }

    /** How many passages the row is about. */
    @JsonProperty
    public int n() {
      return exact.of();
    }
  }

  /**
   * How good the most probable words are.
   *
   * @param top how many words of each passage were looked at, at most
   * @param occur how many of all these occur in their passage
   * @param stated the mean probability that the inverter gave them; equals the share that occurs if
   *     it is honest; empty if there are none
   */
  public record WordList(int top, Rate occur, Optional<Double> stated) {}
}
