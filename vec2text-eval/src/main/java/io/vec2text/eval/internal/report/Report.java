package io.vec2text.eval.internal.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * What an evaluation has to say.
 *
 * @param title one line
 * @param blocks for a person
 * @param figures for a program: all figures, proportions in [0, 1], and no text of the data
 */
public record Report(String title, List<Block> blocks, ObjectNode figures) {
  /** Copies. */
  public Report {
    blocks = ImmutableList.copyOf(blocks);
  }

  /** The blocks that hold no text of the data. */
  public List<Block> withoutTexts() {
    return blocks.stream().filter(block -> !(block instanceof Examples)).toList();
  }
}
