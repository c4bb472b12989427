package io.vec2text.eval.experiments;

import io.vec2text.BagOfWords;
import io.vec2text.Cancellation;
import io.vec2text.Corrector;
import io.vec2text.Decoding;
import io.vec2text.Editor;
import io.vec2text.EmbeddingSpace;
import io.vec2text.Hypothesis;
import io.vec2text.VectorStatistics;
import java.util.List;
import java.util.Optional;

/**
 * A corrector that is not told where its hypotheses lie: each is given the target's own vector for
 * the hypothesis's, so that the difference of the two is zero, as in the ablation of Morris et al.
 * (2023, "no feedback"). It still sees the hypothesis's words.
 *
 * <p>In the paper that corrector was trained so; here it is one that was trained with feedback, and
 * takes a difference of zero to mean that the hypothesis is right already. One trained without may
 * do better.
 */
class WithheldFeedback implements Corrector {
  private final Corrector corrector;

  private WithheldFeedback(Corrector corrector) {
    this.corrector = corrector;
  }

  /**
   * Withholds feedback from a corrector, which is not closed with this. If it is an editor and a
   * bag of words, so is this, and the edits are scored without feedback, too.
   */
  static Corrector of(Corrector corrector) {
    return corrector instanceof Editor editor && corrector instanceof BagOfWords bag
        ? new OfEditor(corrector, editor, bag)
        : new WithheldFeedback(corrector);
  }

  private static List<Request> withhold(List<Request> requests) {
    return requests.stream().map(WithheldFeedback::withhold).toList();
  }

  private static Request withhold(Request request) {
    Hypothesis hypothesis = request.hypothesis();
    return hypothesis == null
        ? request
        : new Request(
            request.target(),
            new Hypothesis(hypothesis.text(), request.target(), 1, hypothesis.tokens()),
            request.prefix(),
            request.seed());
  }

  @Override
  public EmbeddingSpace space() {
    return corrector.space();
  }

  @Override
  public List<List<Candidate>> correct(
      List<Request> requests, Decoding decoding, Cancellation cancellation) {
    return corrector.correct(withhold(requests), decoding, cancellation);
  }

  @Override
  public Optional<VectorStatistics> vectorStatistics() {
    return corrector.vectorStatistics();
  }

  private static final class OfEditor extends WithheldFeedback implements Editor, BagOfWords {
    private final Editor editor;
    private final BagOfWords bag;

    OfEditor(Corrector corrector, Editor editor, BagOfWords bag) {
      super(corrector);
      this.editor = editor;
      this.bag = bag;
    }

    @Override
    public List<Edits> edits(List<Request> requests, int substitutions, int insertions) {
      return editor.edits(withhold(requests), substitutions, insertions);
    }

    @Override
    public List<Contents> read(List<float[]> vectors, int words) {
      return bag.read(vectors, words);
    }
  }
}
