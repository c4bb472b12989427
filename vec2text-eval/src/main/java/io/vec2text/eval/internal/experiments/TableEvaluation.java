package io.vec2text.eval.internal.experiments;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import io.vec2text.eval.Evaluation;
import java.util.List;
import java.util.Optional;

/**
 * The systems of the table, measured on the same texts. Made by {@link SystemsTable}, shown by
 * {@link TableReports}.
 *
 * @param settings the groups of texts, in order
 * @param rows the systems, those that were not measured too
 * @param published the published table to put beside it
 * @param complete whether all was measured; false if it was cancelled or goes on
 * @param showTexts whether a report may show texts at all
 */
public record TableEvaluation(
    List<String> settings,
    List<Row> rows,
    PublishedFigures published,
    boolean complete,
    boolean showTexts) {
  /** Copies. */
  public TableEvaluation {
    settings = ImmutableList.copyOf(settings);
    rows = ImmutableList.copyOf(rows);
  }

  /**
   * A system.
   *
   * @param system its name
   * @param feedback whether it has feedback
   * @param evaluation what it did, if it was measured
   * @param remark why it was not, or what to know of it; may be empty
   */
  public record Row(
      String system, Feedback feedback, Optional<Evaluation> evaluation, String remark) {
    /** Checks. */
    public Row {
      requireNonNull(system, "system");
      requireNonNull(feedback, "feedback");
    }
  }

  /** What was measured, in order. */
  public List<Evaluation> evaluations() {
    return rows.stream().flatMap(row -> row.evaluation().stream()).toList();
  }

  /** How many inversions failed with an error; each counts as an empty text. */
  public long errors() {
    return evaluations().stream().mapToLong(Evaluation::errors).sum();
  }
}
