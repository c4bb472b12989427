package io.vec2text.eval.internal.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.vec2text.Cancellation;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import io.vec2text.StopReason;
import io.vec2text.Vectors;
import io.vec2text.Verdict;
import io.vec2text.eval.EvaluationSet;
import io.vec2text.eval.WordEmbedder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FloorsTest {
  private static final EvalListener NOBODY = (stage, done, total) -> {};

  @TempDir Path directory;
  private final WordEmbedder embedder = new WordEmbedder();
  private final List<String> corpus = EvaluationSet.wikipediaDev().bucket("4-8").texts();

  private NearestNeighbour nearest() {
    return NearestNeighbour.of(corpus, embedder, NOBODY, new Cancellation());
  }

  @Test
  void nearestNeighbourIsTheOneOfHighestCosine() {
    List<String> queries = EvaluationSet.wikipediaTest().sample(20, 1).texts();
    float[][] vectors = embedder.embed(corpus);
    try (NearestNeighbour floor = nearest()) {
      assertThat(floor.size()).isEqualTo(corpus.size());
      List<Outcome> outcomes =
          floor.invertAll(Arrays.asList(embedder.embed(queries)), InversionOptions.defaults());
      for (int q = 0; q < queries.size(); q++) {
        float[] query = embedder.embed(queries.subList(q, q + 1))[0];
        double highest =
            Stream.of(vectors).mapToDouble(v -> Vectors.cosine(v, query)).max().orElseThrow();
        InversionResult result = outcomes.get(q).orThrow();
        assertThat(result.cosine()).isCloseTo(highest, within(1e-6));
        assertThat(corpus).contains(result.text());
        assertThat(result.cost().embedderCalls()).isZero();
      }
    }
  }

  @Test
  void nearestNeighbourFindsWhatItHolds() {
    try (NearestNeighbour floor = nearest()) {
      InversionResult result = floor.invert(embedder.embed(corpus.subList(5, 6))[0]);
      assertThat(result.text()).isEqualTo(corpus.get(5));
      assertThat(result.verdict()).isEqualTo(Verdict.EXACT);
      assertThat(result.stop()).isEqualTo(StopReason.EXACT);
    }
  }

  @Test
  void vectorsOfTheCorpusAreEmbeddedOnceAndKept() throws IOException {
    Path file = Files.write(directory.resolve("corpus.txt"), corpus);
    Path cache = directory.resolve("cache");
    List<Integer> progress = new ArrayList<>();
    EvalListener listener = (stage, done, total) -> progress.add(done);
    float[] target = embedder.embed(List.of("The strapline proved difficult"))[0];
    InversionResult first;
    try (Inverter floor =
        NearestNeighbour.open(file, cache, embedder, listener, new Cancellation())) {
      first = floor.invert(target);
    }
    assertThat(progress).isSorted().last().isEqualTo(corpus.size());
    embedder.embedded.set(0);
    try (Inverter floor =
        NearestNeighbour.open(file, cache, embedder, NOBODY, new Cancellation())) {
      InversionResult second = floor.invert(target);
      assertThat(second.text()).isEqualTo(first.text());
      assertThat(second.cosine()).isEqualTo(first.cosine());
    }
    assertThat(embedder.embedded).as("texts embedded again").hasValue(0);

    Files.writeString(file, "Another corpus.\n");
    NearestNeighbour.open(file, cache, embedder, NOBODY, new Cancellation()).close();
    assertThat(embedder.embedded).as("texts of the changed corpus").hasValue(1);
    try (Stream<Path> files = Files.list(cache)) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void aCancelledCorpusIsNotKept() throws IOException {
    Path file = Files.write(directory.resolve("corpus.txt"), corpus);
    Cancellation cancellation = new Cancellation();
    EvalListener listener = (stage, done, total) -> cancellation.cancel();
    assertThatExceptionOfType(CancellationException.class)
        .isThrownBy(() -> NearestNeighbour.open(file, directory, embedder, listener, cancellation));
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void randomSentenceIsAnotherOneAndDependsOnVectorAndSeedAlone() {
    EvaluationSet set =
        EvaluationSet.of("set", EvaluationSet.wikipediaDev().sample(1, 0).entries());
    List<float[]> targets = Arrays.asList(embedder.embed(set.texts()));
    InversionOptions options = InversionOptions.builder().seed(3).build();
    try (Inverter floor = new RandomSentence(set, embedder)) {
      List<Outcome> outcomes = floor.invertAll(targets, options);
      for (int i = 0; i < targets.size(); i++) {
        InversionResult result = outcomes.get(i).orThrow();
        assertThat(set.texts()).contains(result.text());
        assertThat(result.text()).isNotEqualTo(set.texts().get(i));
        assertThat(floor.invert(targets.get(i), options).text()).isEqualTo(result.text());
      }
    }
  }

  @Test
  void floorsKeepTheContractOfInverters() {
    for (Inverter floor :
        List.of(nearest(), new RandomSentence(EvaluationSet.wikipediaDev(), embedder))) {
      float[] good = embedder.embed(List.of("a sentence"))[0];
      float[] doubled = good.clone();
      for (int i = 0; i < doubled.length; i++) {
        doubled[i] *= 2;
      }
      float[] zero = new float[WordEmbedder.DIMENSION];
      List<Integer> heard = new ArrayList<>();
      List<Outcome> outcomes =
          floor.invertAll(
              List.of(good, new float[3], zero, doubled),
              InversionOptions.builder().listener((i, o) -> heard.add(i)).build());
      assertThat(heard).containsExactly(0, 1, 2, 3);
      assertThat(outcomes.get(0).orThrow().vectorNorm()).isCloseTo(1, within(1e-6));
      assertThat(outcomes.get(1).error()).containsInstanceOf(IllegalArgumentException.class);
      assertThat(outcomes.get(2).error()).containsInstanceOf(IllegalArgumentException.class);
      assertThat(outcomes.get(3).orThrow().vectorNorm()).isCloseTo(2, within(1e-6));

      Cancellation cancellation = new Cancellation();
      cancellation.cancel();
      assertThat(
              floor
                  .invert(good, InversionOptions.builder().cancellation(cancellation).build())
                  .stop())
          .isEqualTo(StopReason.CANCELLED);

      floor.close();
      floor.close();
      assertThatIllegalStateException()
          .isThrownBy(() -> floor.invert(good))
          .withMessageContaining("is closed");
    }
  }
}
