package io.vec2text.lm;

import com.google.common.collect.Lists;
import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import io.vec2text.spi.ForwardingEmbedder;
import java.util.List;

/**
 * An inverter whose models write lower case, for a language model that sees case: guesses are
 * compared, and texts come back, in their {@linkplain SurfaceForms usual form}.
 *
 * <p>Its {@link #guesses} are the embedder to build the other inverter with. An exact text is one
 * that has the vector, case included.
 */
public final class SurfaceInverter implements Inverter {
  private final Inverter inverter;
  private final SurfaceForms forms;

  /**
   * An inverter.
   *
   * @param inverter compares guesses by {@link #guesses}; is closed with this one
   */
  public SurfaceInverter(Inverter inverter, SurfaceForms forms) {
    this.inverter = inverter;
    this.forms = forms;
  }

  /**
   * The embedder of texts in their usual form.
   *
   * @param embedder is closed with it
   */
  public static Embedder guesses(Embedder embedder, SurfaceForms forms) {
    return new ForwardingEmbedder(embedder) {
      @Override
      public float[][] embed(List<String> texts) {
        return super.embed(Lists.transform(texts, forms::apply));
      }

      @Override
      public String normalize(String text) {
        return super.normalize(forms.apply(text));
      }
    };
  }

  @Override
  public EmbeddingSpace space() {
    return inverter.space();
  }

  @Override
  public List<Outcome> invertAll(List<float[]> vectors, InversionOptions options) {
    return inverter.invertAll(vectors, options).stream()
        .map(o -> o.result().map(r -> Outcome.of(written(r))).orElse(o))
        .toList();
  }

  private InversionResult written(InversionResult result) {
    return result.toBuilder()
        .text(forms.apply(result.text()))
        .alternatives(
            result.alternatives().stream()
                .map(a -> new InversionResult.Alternative(forms.apply(a.text()), a.cosine()))
                .toList())
        .build();
  }

  @Override
  public void close() {
    inverter.close();
  }
}
