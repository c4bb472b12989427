package io.vec2text.bridge;

import com.google.common.collect.Lists;
import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.InversionResult.WordProbability;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import io.vec2text.StopReason;
import io.vec2text.Vectors;
import io.vec2text.Verdict;
import io.vec2text.internal.WordsAndMarks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the case and the spacing of what another inverter found, for an embedder that sees them. An
 * eighth of the budget of embeddings is kept for that.
 */
final class SurfaceInverter implements Inverter {
  private static final int SHARE = 8;

  private final Inverter inverter;
  private final SurfaceForms forms;
  private final Embedder embedder;
  private final double unrelated;

  /**
   * An inverter.
   *
   * @param inverter compares {@linkplain SurfaceForms#usualForms usual forms}; closed with this one
   * @param embedder stays the caller's
   * @param unrelated mean cosine of unrelated texts
   */
  SurfaceInverter(Inverter inverter, SurfaceForms forms, Embedder embedder, double unrelated) {
    this.inverter = inverter;
    this.forms = forms;
    this.embedder = embedder;
    this.unrelated = unrelated;
  }

  @Override
  public EmbeddingSpace space() {
    return inverter.space();
  }

  @Override
  public List<Outcome> invertAll(List<float[]> vectors, InversionOptions options) {
    int kept = options.maxEmbeddings() / SHARE;
    Outcome[] outcomes = new Outcome[vectors.size()];
    List<Outcome> found =
        inverter.invertAll(
            vectors,
            options.toBuilder()
                .maxEmbeddings(options.maxEmbeddings() - kept)
                .listener(
                    (i, outcome) -> {
                      outcomes[i] = refined(vectors.get(i), outcome, options);
                      options.listener().finished(i, outcomes[i]);
                    })
                .build());
    List<Outcome> all = new ArrayList<>();
    for (int i = 0; i < outcomes.length; i++) {
      all.add(outcomes[i] == null ? found.get(i) : outcomes[i]);
    }
    return all;
  }

  private Outcome refined(float[] vector, Outcome outcome, InversionOptions options) {
    InversionResult result = outcome.result().orElse(null);
    if (result == null || result.text().isEmpty() || result.stop() == StopReason.NOT_SEARCHED) {
      return outcome;
    }
    try {
      return Outcome.of(refined(vector, result, options));
    } catch (RuntimeException e) {
      return Outcome.failed(e);
    }
  }

  private InversionResult refined(
      float[] vector, InversionResult result, InversionOptions options) {
    long start = System.nanoTime();
    int[] left = {options.maxEmbeddings() - result.cost().embedderCalls()};
    int before = left[0];
    SurfaceForms.Found found = new SurfaceForms.Found(forms.usual(result.text()), result.cosine());
    boolean whole = vector.length == space().dimension() && result.evidence().isEmpty();
    if (whole && result.verdict() != Verdict.EXACT) {
      found =
          forms.closest(
              found,
              texts -> {
                if (texts.size() > left[0] || options.cancellation().requested()) {
                  return null;
                }
                left[0] -= texts.size();
                float[][] embedded = embedder.embed(texts);
                double[] cosines = new double[embedded.length];
                for (int i = 0; i < cosines.length; i++) {
                  cosines[i] = Vectors.cosine(vector, embedded[i]);
                }
                return cosines;
              });
    }
    InversionResult.Cost cost = result.cost();
    Verdict verdict =
        found.cosine() > result.cosine()
            ? Verdict.of(found.cosine(), unrelated, result.stored(), vector.length)
            : result.verdict();
    return result.toBuilder()
        .text(found.text())
        .cosine(found.cosine())
        .verdict(verdict)
        .words(words(found.text(), result.words(), verdict))
        .alternatives(
            Lists.transform(
                result.alternatives(),
                a -> new InversionResult.Alternative(forms.usual(a.text()), a.cosine())))
        .trace(
            Lists.transform(
                result.trace(),
                r ->
                    new InversionResult.Round(
                        r.embedderCalls(), r.work(), forms.usual(r.text()), r.cosine())))
        .stop(verdict == Verdict.EXACT ? StopReason.EXACT : result.stop())
        .cost(
            new InversionResult.Cost(
                cost.embedderCalls() + before - left[0],
                cost.decodes(),
                cost.work().plus(Duration.ofNanos(System.nanoTime() - start))))
        .build();
  }

  /** The words as they are written now; all are right if the text is. */
  private static List<WordProbability> words(
      String text, List<WordProbability> words, Verdict verdict) {
    List<String> written = WordsAndMarks.of(text);
    if (written.size() != words.size()) {
      return words;
    }
    List<WordProbability> result = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      result.add(
          new WordProbability(
              written.get(i), verdict == Verdict.EXACT ? 1 : words.get(i).probability()));
    }
    return result;
  }

  @Override
  public void close() {
    inverter.close();
  }
}
