package io.vec2text.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.onnx.allminilml6v2.AllMiniLmL6V2EmbeddingModel;
import io.vec2text.Vectors;
import io.vec2text.Verdict;
import io.vec2text.onnx.Device;
import io.vec2text.onnx.ModelPackage;
import io.vec2text.onnx.OnnxEmbedder;
import io.vec2text.onnx.Vec2Text;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** That the benchmarks run, once and in this process; what they measure here means nothing. */
class BenchmarksTest {
  private static OnnxEmbedder embedder;

  @BeforeAll
  static void open() {
    embedder = OnnxEmbedder.open(ModelPackage.onClassPath("all-MiniLM-L6-v2"), Device.CPU, 0);
  }

  @AfterAll
  static void close() {
    embedder.close();
  }

  @Test
  void bothEmbeddersRun() throws RunnerException {
    assertThat(run(smoke(EmbedderBenchmark.class).param("batch", "1024")))
        .hasSize(2)
        .allSatisfy(result -> assertThat(result.getPrimaryResult().getScore()).isPositive());
  }

  @Test
  void bothEmbeddersGiveTheSameVectors() {
    List<String> texts = Sentences.some(16);
    List<Embedding> theirs =
        new AllMiniLmL6V2EmbeddingModel()
            .embedAll(texts.stream().map(TextSegment::from).toList())
            .content();
    float[][] ours = embedder.embed(texts);
    for (int i = 0; i < ours.length; i++) {
      assertThat(Vectors.cosine(ours[i], theirs.get(i).vector()))
          .as(texts.get(i))
          .isGreaterThan(Verdict.EXACT_COSINE);
    }
  }

  @Test
  void theTargetsLieNearTextsButCannotBeHitExactly() {
    float[][] vectors = embedder.embed(Sentences.some(16));
    List<float[]> targets = Sentences.nearlyEmbedded(embedder, 16);
    for (int i = 0; i < vectors.length; i++) {
      assertThat(Vectors.cosine(vectors[i], targets.get(i))).isBetween(0.998, 0.9995);
    }
  }

  @Test
  void theDecodeLoopRuns() throws RunnerException {
    assertThat(
            run(
                smoke(DecodeLoopBenchmark.class)
                    .param("steps", "1")
                    .param("beams", "1")
                    .param("batch", "1")))
        .singleElement()
        .satisfies(BenchmarksTest::counts);
  }

  @Test
  void thePoolSearchRuns() throws RunnerException {
    assertThat(run(smoke(PoolSearchBenchmark.class).param("embeddings", "20").param("batch", "1")))
        .singleElement()
        .satisfies(BenchmarksTest::counts);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void theCheckOfResidentMemoryRuns() throws IOException {
    try (Vec2Text inverter = Vec2Text.builder().device(Device.CPU).open()) {
      assertThat(ResidentMemory.growth(inverter, 6, 5)).isEqualTo(1);
    }
  }

  private static void counts(RunResult result) {
    assertThat(result.getSecondaryResults()).containsKeys("vectors", "embeddings", "decodes");
    result
        .getSecondaryResults()
        .forEach((name, counter) -> assertThat(counter.getScore()).as(name).isPositive());
  }

  private static Collection<RunResult> run(ChainedOptionsBuilder options) throws RunnerException {
    return new Runner(options.build()).run();
  }

  private static ChainedOptionsBuilder smoke(Class<?> benchmark) {
    return new OptionsBuilder()
        .include("^" + benchmark.getName().replace(".", "\\.") + "\\.")
        .forks(0)
        .warmupIterations(0)
        .measurementIterations(1)
        .measurementTime(TimeValue.milliseconds(1))
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT);
  }
}
