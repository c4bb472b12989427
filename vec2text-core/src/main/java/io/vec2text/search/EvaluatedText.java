package io.vec2text.search;

import static com.google.common.base.Preconditions.checkState;

import com.google.common.collect.ImmutableList;
import io.vec2text.spi.Corrector;
import io.vec2text.spi.Hypothesis;
import io.vec2text.spi.TokenContributions;
import io.vec2text.spi.TokenEditScorer;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A text that was embedded, and all that the search knows of it. */
final class EvaluatedText {
  /** Falling cosine, then text, so that no order depends on chance. */
  static final Comparator<EvaluatedText> CLOSEST_FIRST =
      Comparator.comparingDouble((EvaluatedText p) -> -p.cosine())
          .thenComparing(EvaluatedText::text);

  private final Hypothesis hypothesis;
  private final float[] vector;
  private final Origin origin;
  private int @Nullable [] tokens;
  private TokenEditScorer.@Nullable Edits edits;
  private @Nullable TextFeatures features;
  private @Nullable ImmutableList<Corrector.Candidate> corrections;
  private @Nullable ImmutableList<Proposal> orders;
  private @Nullable List<Integer> missing;

  EvaluatedText(Hypothesis hypothesis, float[] vector, Origin origin) {
    this.hypothesis = hypothesis;
    this.vector = vector;
    this.origin = origin;
  }

  Hypothesis hypothesis() {
    return hypothesis;
  }

  String text() {
    return hypothesis.text();
  }

  /** Its vector, of unit length. */
  float[] vector() {
    return vector;
  }

  double cosine() {
    return hypothesis.cosine();
  }

  Origin origin() {
    return origin;
  }

  /** Whether its tokens are known. */
  boolean hasTokens() {
    return tokens != null;
  }

  /** The tokens that its text is read as; positions of its changes refer to them. */
  int[] tokens() {
    checkState(tokens != null, "the tokens of this hypothesis are not known yet");
    return tokens;
  }

  void tokens(int[] tokens) {
    this.tokens = tokens;
  }

  /** The features of its tokens, which are known and not none. */
  TextFeatures features() {
    if (features == null) {
      features = TextFeatures.of(tokens());
    }
    return features;
  }

  void edits(TokenEditScorer.Edits edits) {
    this.edits = edits;
    // Changes listed before refer to the tokens known then, of which an editor may read only the
    // first.
    if (tokens == null) {
      tokens = edits.tokens();
    }
  }

  /** The scored edits that are still to be proposed. */
  TokenEditScorer.@Nullable Edits edits() {
    return edits;
  }

  /** Hands over the scored edits. */
  TokenEditScorer.@Nullable Edits takeEdits() {
    TokenEditScorer.Edits taken = edits;
    edits = null;
    return taken;
  }

  /** What the corrector made of it, if it was asked. */
  @Nullable ImmutableList<Corrector.Candidate> corrections() {
    return corrections;
  }

  void corrections(List<Corrector.Candidate> corrections) {
    this.corrections = ImmutableList.copyOf(corrections);
  }

  /**
   * Words that its vector most lacks on the way to the target of its search, by what they add to a
   * vector, if that is known; the same ones, however often it is asked.
   */
  List<Integer> missing(@Nullable TokenContributions words, float[] target, int most) {
    if (missing == null) {
      float[] direction = new float[target.length];
      for (int k = 0; k < direction.length; k++) {
        direction[k] = (float) (target[k] - cosine() * vector[k]);
      }
      missing = words == null ? List.of() : words.nearest(direction, most);
    }
    return missing;
  }

  /** Its changes of order, the most promising first, if they were ranked. */
  @Nullable ImmutableList<Proposal> orders() {
    return orders;
  }

  void orders(List<Proposal> orders) {
    this.orders = ImmutableList.copyOf(orders);
  }
}
