package io.vec2text.search;

import com.google.common.collect.ImmutableList;
import io.vec2text.Corrector;
import io.vec2text.Tokenization;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A candidate that a proposer would like to see embedded. */
final class Proposal {
  private final Origin origin;
  private final @Nullable String text;
  private final @Nullable Paid parent;
  private final ImmutableList<Change> changes;
  private final ImmutableList<Integer> tokens;

  private Proposal(
      Origin origin,
      @Nullable String text,
      @Nullable Paid parent,
      List<Change> changes,
      List<Integer> tokens) {
    this.origin = origin;
    this.text = text;
    this.parent = parent;
    this.changes = ImmutableList.copyOf(changes);
    this.tokens = ImmutableList.copyOf(tokens);
  }

  /** A text. */
  static Proposal of(Origin origin, String text) {
    return new Proposal(origin, text, null, ImmutableList.of(), ImmutableList.of());
  }

  /** A text that is to be corrected as the tokens that it was written as. */
  static Proposal ofTokens(Origin origin, Corrector.Candidate written) {
    return new Proposal(origin, written.text(), null, ImmutableList.of(), written.tokens());
  }

  /** A hypothesis whose tokens are known, after a change. */
  static Proposal of(Paid parent, Change change) {
    return new Proposal(
        change.origin(), null, parent, ImmutableList.of(change), ImmutableList.of());
  }

  /** A hypothesis whose tokens are known, after several changes. */
  static Proposal of(Paid parent, List<Change> changes) {
    return new Proposal(Origin.EDIT_SET, null, parent, changes, ImmutableList.of());
  }

  Origin origin() {
    return origin;
  }

  /** The tokens to be corrected as; empty if that is up to the text. */
  ImmutableList<Integer> tokens() {
    return tokens;
  }

  /** Spells the text, which is done only for those that are about to be paid for. */
  String text(@Nullable Tokenization tokenization) {
    if (text != null) {
      return text;
    }
    if (parent == null || tokenization == null) {
      throw new IllegalStateException("changed tokens need a parent and a tokenization");
    }
    return tokenization.decode(Change.apply(parent.tokens(), changes));
  }

  /** Lets the parent learn from what became of its changes. */
  void teach(Paid result) {
    if (parent != null) {
      parent.learn(changes, result);
    }
  }
}
