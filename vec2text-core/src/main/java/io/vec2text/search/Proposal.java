package io.vec2text.search;

import com.google.common.collect.ImmutableList;
import io.vec2text.Tokenization;
import io.vec2text.spi.Corrector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A candidate that a proposer would like to see embedded. */
final class Proposal {
  private final Origin origin;
  private final @Nullable String text;
  private final @Nullable EvaluatedText parent;
  private final @Nullable Edit change;
  private final ImmutableList<Integer> tokens;

  private Proposal(
      Origin origin,
      @Nullable String text,
      @Nullable EvaluatedText parent,
      @Nullable Edit change,
      List<Integer> tokens) {
    this.origin = origin;
    this.text = text;
    this.parent = parent;
    this.change = change;
    this.tokens = ImmutableList.copyOf(tokens);
  }

  /** A text. */
  static Proposal of(Origin origin, String text) {
    return new Proposal(origin, text, null, null, ImmutableList.of());
  }

  /** A text that is to be corrected as the tokens that it was written as. */
  static Proposal ofTokens(Origin origin, Corrector.Candidate written) {
    return new Proposal(origin, written.text(), null, null, written.tokens());
  }

  /** A hypothesis whose tokens are known, after a change. */
  static Proposal of(Origin origin, EvaluatedText parent, Edit change) {
    return new Proposal(origin, null, parent, change, ImmutableList.of());
  }

  Origin origin() {
    return origin;
  }

  /** The tokens to be corrected as; empty if that is up to the text. */
  ImmutableList<Integer> tokens() {
    return tokens;
  }

  /** Spells the text, which is done only for those that are about to be embedded. */
  String text(@Nullable Tokenization tokenization) {
    if (text != null) {
      return text;
    }
    if (parent == null || change == null || tokenization == null) {
      throw new IllegalStateException("changed tokens need a parent and a tokenization");
    }
    return tokenization.decode(change.apply(parent.tokens()));
  }
}
