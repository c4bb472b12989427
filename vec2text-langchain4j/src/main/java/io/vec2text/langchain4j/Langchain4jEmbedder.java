package io.vec2text.langchain4j;

import static java.util.Objects.requireNonNull;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.internal.ForeignModel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Embeds texts by a langchain4j {@link EmbeddingModel}.
 *
 * <p><b>If the model is a service, whoever runs it reads every guess of an inversion, and the
 * guesses converge on the text behind the vector.</b>
 *
 * <pre>{@code
 * Embedder embedder = Langchain4jEmbedder.of(model, "my-model");
 * SpaceCreator.of(embedder).create(Path.of("my-space"));           // once
 * try (Vec2Text inverter =
 *     Vec2Text.builder().model(Path.of("my-space")).embedder(embedder).open()) {
 *   System.out.println(inverter.invert(vector).text());
 * }
 * }</pre>
 *
 * <p>Vectors are scaled to unit length if the space says so. A blank text, which langchain4j
 * refuses, is sent as a no-break space. How the model treats texts that are longer than it reads is
 * its own affair: some cut them, some refuse them, and those that run in this process embed them
 * piece by piece and give the mean, whose vectors are not those of one text. Guesses are short.
 *
 * <p>Serves many threads at once if the model does. Time limits and retries are the model's: a
 * cancelled search ends when the call in flight returns. Closing this does not close the model.
 */
public final class Langchain4jEmbedder implements Embedder {
  private final ForeignModel model;

  private Langchain4jEmbedder(EmbeddingModel model, EmbeddingSpace space, int maxTexts) {
    requireNonNull(model, "model");
    this.model = new ForeignModel("langchain4j", space, maxTexts, texts -> vectors(model, texts));
  }

  /**
   * An embedder of a model that is known by name and dimension only: unit length, no prefix. A
   * model that does not know its dimension embeds a text for it.
   *
   * @param modelId what to call the space, for example {@code text-embedding-3-small}
   */
  public static Langchain4jEmbedder of(EmbeddingModel model, String modelId) {
    return of(model, ForeignModel.space(modelId, model.dimension()));
  }

  /**
   * An embedder of a model.
   *
   * @param space of its vectors; its prefix is put before each text, unless the model puts its own
   */
  public static Langchain4jEmbedder of(EmbeddingModel model, EmbeddingSpace space) {
    return of(model, space, ForeignModel.MAX_TEXTS);
  }

  /**
   * An embedder of a model that takes a limited number of texts in a call; 256 are sent otherwise.
   *
   * @throws IllegalArgumentException if {@code maxTexts} is below 1
   */
  public static Langchain4jEmbedder of(EmbeddingModel model, EmbeddingSpace space, int maxTexts) {
    return new Langchain4jEmbedder(model, space, maxTexts);
  }

  private static @Nullable List<float @Nullable []> vectors(
      EmbeddingModel model, List<String> texts) {
    Response<List<Embedding>> response =
        model.embedAll(texts.stream().map(TextSegment::from).toList());
    List<@Nullable Embedding> embeddings = response == null ? null : response.content();
    if (embeddings == null) {
      return null;
    }
    List<float @Nullable []> vectors = new ArrayList<>();
    for (Embedding embedding : embeddings) {
      vectors.add(embedding == null ? null : embedding.vector());
    }
    return vectors;
  }

  @Override
  public EmbeddingSpace space() {
    return model.space();
  }

  /**
   * Embeds texts.
   *
   * @throws io.vec2text.InferenceException if the model fails, or gives something else than one
   *     finite vector of the space's dimension for each text
   */
  @Override
  public float[][] embed(List<String> texts) {
    return model.embed(texts);
  }

  @Override
  public void close() {
    model.close();
  }

  @Override
  public String toString() {
    return "Langchain4jEmbedder[" + space() + "]";
  }
}
