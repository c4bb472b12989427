package io.vec2text.cli;

import io.vec2text.Cancellation;
import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.Evidence;
import io.vec2text.InferenceException;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.InversionResult.Alternative;
import io.vec2text.InversionResult.Cost;
import io.vec2text.InversionResult.PredictedWords;
import io.vec2text.InversionResult.Round;
import io.vec2text.InversionResult.WordProbability;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import io.vec2text.StopReason;
import io.vec2text.Vectors;
import io.vec2text.Verdict;
import io.vec2text.lm.CausalModel;
import io.vec2text.search.SearchStatistics;
import io.vec2text.spi.Corrector;
import io.vec2text.spi.Decoding;
import io.vec2text.spi.WordPredictor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Engines without models. A text's vector is drawn from its hash, and the inverter knows the texts
 * "secret 0", "secret 1" and so on, of which it picks the nearest.
 */
class Toys implements Engines {
  static final EmbeddingSpace SPACE = EmbeddingSpace.of("toy", 8);
  static final int KNOWN = 300;

  final List<String> texts = new ArrayList<>();
  final List<float[]> vectors = new ArrayList<>();

  /** What was asked for last. */
  EngineSettings settings;

  /** The vectors inverted so far. */
  int inverted;

  /** Called before each vector. */
  Hook hook = (n, options) -> {};

  /** The embedder calls that results claim. */
  int embedderCalls = 10;

  /** The variant that vectors tell. */
  Optional<String> variant = Optional.empty();

  /** The vectors that the variant was told from. */
  final List<float[]> told = new ArrayList<>();

  /** What the models are called. */
  String models = "toys";

  /** What results show of their vectors. */
  List<Evidence> evidence = List.of();

  /** Hears each text that is embedded. */
  Consumer<String> embedded = text -> {};

  /** Predicted words of the results, and of all vectors. */
  Optional<PredictedWords> contents = Optional.empty();

  /** The words of every text found, with their probabilities. */
  List<WordProbability> words = List.of();

  /** Called before a vector is inverted. */
  interface Hook {
    void before(int n, InversionOptions options);
  }

  Toys() {
    for (int i = 0; i < KNOWN; i++) {
      texts.add("secret " + i);
      vectors.add(vector("secret " + i));
    }
  }

  static float[] vector(String text) {
    Random random = new Random(text.hashCode());
    float[] vector = new float[SPACE.dimension()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return Vectors.unit(vector);
  }

  /** The vectors of the first known texts. */
  static float[][] secrets(int n) {
    float[][] secrets = new float[n][];
    Arrays.setAll(secrets, i -> vector("secret " + i));
    return secrets;
  }

  /** Fails at an item, and with it the whole batch. */
  void failAt(int item) {
    hook =
        (n, options) -> {
          if (n == item) {
            throw new InferenceException("the toy broke");
          }
        };
  }

  static PredictedWords passage() {
    return new PredictedWords(
        List.of(new WordProbability("moon", 0.93), new WordProbability("sea", 0.5)), 120, true);
  }

  @Override
  public Embedder openEmbedder(EngineSettings chosen) {
    settings = chosen;
    return new ToyEmbedder();
  }

  @Override
  public Engine openInverter(EngineSettings chosen) {
    settings = chosen;
    return new Engine() {
      @Override
      public Inverter inverter() {
        return new ToyInverter();
      }

      @Override
      public Inverter inverter(String search) {
        return new ToyInverter();
      }

      @Override
      public Inverter inverter(Embedder oracle) {
        return new ToyInverter();
      }

      @Override
      public Optional<String> variantOf(List<float[]> sample, InversionOptions options) {
        told.addAll(sample);
        return variant;
      }

      @Override
      public Optional<CausalModel> languageModel() {
        return Optional.empty();
      }

      @Override
      public SearchStatistics statistics() {
        return new SearchStatistics(
            List.of(new SearchStatistics.Source("guess", 10, 4)),
            10,
            20,
            Duration.ofSeconds(6),
            Duration.ofSeconds(3),
            Duration.ofSeconds(10));
      }

      @Override
      public Corrector corrector() {
        return new ToyCorrector(
            contents.map(words -> (vectors, n) -> Collections.nCopies(vectors.size(), words)));
      }

      @Override
      public Map<String, String> versions() {
        return Map.of("models", models + " of " + settings.model(), "device", "none");
      }

      @Override
      public Embedder embedder() {
        return new ToyEmbedder();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Optional<EmbeddingSpace> space(EngineSettings chosen) {
    return Optional.of(SPACE);
  }

  private final class ToyEmbedder implements Embedder {
    @Override
    public EmbeddingSpace space() {
      return SPACE;
    }

    @Override
    public float[][] embed(List<String> batch) {
      return batch.stream().peek(embedded).map(Toys::vector).toArray(float[][]::new);
    }
  }

  /** Writes the first of the known texts, and makes the next one of each. */
  private record ToyCorrector(Optional<WordPredictor> wordPredictor) implements Corrector {
    @Override
    public EmbeddingSpace space() {
      return SPACE;
    }

    @Override
    public List<List<Candidate>> correct(
        List<Request> requests, Decoding decoding, Cancellation cancellation) {
      return requests.stream()
          .map(
              request -> {
                int next = 0;
                if (request.hypothesis() != null) {
                  next = Integer.parseInt(request.hypothesis().text().substring(7)) + 1;
                }
                return List.of(new Candidate("secret " + next, -1));
              })
          .toList();
    }
  }

  /** Finishes a batch from its end, so that order is the command's own doing. */
  private final class ToyInverter implements Inverter {
    @Override
    public EmbeddingSpace space() {
      return SPACE;
    }

    @Override
    public List<Outcome> invertAll(List<float[]> batch, InversionOptions options) {
      Outcome[] outcomes = new Outcome[batch.size()];
      for (int block = 0; block < outcomes.length; block += 4) {
        for (int i = Math.min(outcomes.length, block + 4) - 1; i >= block; i--) {
          hook.before(inverted++, options);
          outcomes[i] = Outcome.of(invertOne(batch.get(i), options));
          options.listener().finished(i, outcomes[i]);
        }
      }
      return List.of(outcomes);
    }

    private InversionResult invertOne(float[] vector, InversionOptions options) {
      boolean cancelled = options.cancellation().requested();
      String best = "";
      double cosine = -1;
      for (int i = 0; i < KNOWN; i++) {
        double c = Vectors.cosine(vectors.get(i), vector);
        if (c > cosine) {
          best = texts.get(i);
          cosine = c;
        }
      }
      return InversionResult.builder()
          .text(best)
          .cosine(cosine)
          .verdict(Verdict.of(cosine))
          .alternatives(List.of(new Alternative(best, cosine)))
          .vectorNorm(Vectors.norm(vector))
          .cost(new Cost(embedderCalls, 2, Duration.ofMillis(3)))
          .stop(cancelled ? StopReason.CANCELLED : StopReason.EXACT)
          .trace(
              options.trace()
                  ? List.of(new Round(embedderCalls, Duration.ofMillis(3), best, cosine))
                  : List.of())
          .evidence(evidence)
          .words(words)
          .predictedWords(contents.orElse(null))
          .build();
    }
  }
}
