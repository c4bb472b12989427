package io.vec2text.audit;

import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.Evidence;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.InversionResult.Cost;
import io.vec2text.InversionResult.WordProbability;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import io.vec2text.StopReason;
import io.vec2text.Vectors;
import io.vec2text.Verdict;
import io.vec2text.internal.WordsAndMarks;
import io.vec2text.sources.Place;
import io.vec2text.sources.Row;
import io.vec2text.sources.VectorReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** A store of texts, and an inverter that knows some of them. */
final class ToyStore {
  static final EmbeddingSpace SPACE = EmbeddingSpace.of("toy", 16);

  final List<String> ids = new ArrayList<>();
  final List<String> texts = new ArrayList<>();
  final List<float[]> vectors = new ArrayList<>();

  /** Texts that come back with other verdicts or probabilities than exact ones. */
  final Map<String, InversionResult> others = new HashMap<>();

  /** Metadata by the number of the record. */
  IntFunction<Map<String, String>> metadata = i -> Map.of();

  /** The vectors inverted so far. */
  final AtomicInteger inverted = new AtomicInteger();

  /** Called before a vector is inverted. */
  IntConsumer before = n -> {};

  List<Evidence> evidence = List.of();

  static float[] vector(String text) {
    Random random = new Random(RecoveredText.normal(text).hashCode());
    float[] vector = new float[SPACE.dimension()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return Vectors.unit(vector);
  }

  void add(String id, String text) {
    ids.add(id);
    texts.add(text);
    vectors.add(vector(text));
  }

  /** A store of so many records, every tenth of which holds an e-mail address. */
  static ToyStore of(int records) {
    ToyStore store = new ToyStore();
    for (int i = 0; i < records; i++) {
      store.add(
          "doc-" + i,
          i % 10 == 0 ? "Write to person" + i + "@example.com." : "The report " + i + " is late.");
    }
    return store;
  }

  VectorReader reader() {
    Iterator<float[]> iterator = vectors.iterator();
    return new VectorReader() {
      private int next;

      @Override
      public OptionalLong rows() {
        return OptionalLong.of(vectors.size());
      }

      @Override
      public @Nullable Row next() {
        if (!iterator.hasNext()) {
          return null;
        }
        Map<String, String> fields = metadata.apply(next);
        Place place = new Place(OptionalLong.of(next + 1), Optional.of(ids.get(next++)));
        float[] vector = iterator.next();
        return vector.length == 0
            ? new Row.Malformed("no vector", place)
            : new Row.Vector(vector, place, fields);
      }

      @Override
      public void close() throws IOException {}
    };
  }

  Embedder embedder() {
    return new Embedder() {
      @Override
      public EmbeddingSpace space() {
        return SPACE;
      }

      @Override
      public float[][] embed(List<String> batch) {
        return batch.stream().map(ToyStore::vector).toArray(float[][]::new);
      }
    };
  }

  static InversionResult result(String text, Verdict verdict, double probability) {
    return InversionResult.builder()
        .text(text)
        .cosine(verdict == Verdict.EXACT ? 1 : 0.96)
        .verdict(verdict)
        .words(
            WordsAndMarks.of(text).stream().map(w -> new WordProbability(w, probability)).toList())
        .cost(new Cost(10, 1, Duration.ofMillis(30)))
        .stop(verdict == Verdict.EXACT ? StopReason.EXACT : StopReason.BUDGET)
        .build();
  }

  Inverter inverter() {
    return new Inverter() {
      @Override
      public EmbeddingSpace space() {
        return SPACE;
      }

      @Override
      public List<Outcome> invertAll(List<float[]> batch, InversionOptions options) {
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
          before.accept(inverted.getAndIncrement());
          Outcome outcome = Outcome.of(invertOne(batch.get(i), options));
          outcomes.add(outcome);
          options.listener().finished(i, outcome);
        }
        return outcomes;
      }
    };
  }

  private InversionResult invertOne(float[] vector, InversionOptions options) {
    if (options.cancellation().requested()) {
      return InversionResult.builder().stop(StopReason.CANCELLED).build();
    }
    for (int i = 0; i < vectors.size(); i++) {
      if (Arrays.equals(vectors.get(i), vector)) {
        String text = texts.get(i);
        InversionResult result =
            others.getOrDefault(text, result(RecoveredText.normal(text), Verdict.EXACT, 0.999));
        return result.toBuilder().evidence(evidence).build();
      }
    }
    return InversionResult.builder().build();
  }
}
