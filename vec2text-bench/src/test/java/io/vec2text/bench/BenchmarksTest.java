package io.vec2text.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.onnx.allminilml6v2.AllMiniLmL6V2EmbeddingModel;
import io.vec2text.Vectors;
import io.vec2text.Verdict;
import io.vec2text.onnx.Device;
import io.vec2text.onnx.ModelPackage;
import io.vec2text.onnx.OnnxEmbedder;
import io.vec2text.onnx.StartBenchmark;
import io.vec2text.onnx.TokenBeamBenchmark;
import io.vec2text.onnx.Vec2Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
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
    assertThat(
            run(
                smoke(EmbedderBenchmark.class)
                    .param("batch", "16")
                    .param("texts", "64")
                    .operationsPerInvocation(64)))
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
  void firstGuessesRun() throws RunnerException {
    assertThat(run(smoke(OneShotBenchmark.class).param("batch", "2").param("beams", "2")))
        .singleElement()
        .satisfies(
            result -> {
              assertThat(result.getSecondaryResults().get("vectors").getScore()).isPositive();
              assertThat(result.getSecondaryResults().get("decodes").getScore()).isPositive();
            });
  }

  @Test
  void theBookkeepingRuns() throws RunnerException {
    assertThat(run(smoke(BookkeepingBenchmark.class).param("beams", "8")))
        .singleElement()
        .satisfies(BenchmarksTest::counts);
  }

  @Test
  void theTokenBeamsRun() throws RunnerException {
    assertThat(run(smoke(TokenBeamBenchmark.class).param("beams", "32")))
        .hasSize(2)
        .allSatisfy(result -> assertThat(result.getPrimaryResult().getScore()).isPositive());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void nativeMemoryIsSampled() throws RunnerException {
    assertThat(
            run(
                smoke(BookkeepingBenchmark.class)
                    .param("beams", "1")
                    .addProfiler(NativeMemoryProfiler.class)))
        .singleElement()
        .satisfies(
            result -> {
              double resident = result.getSecondaryResults().get("resident").getScore();
              assertThat(resident).isGreaterThan(10);
              assertThat(result.getSecondaryResults().get("native").getScore())
                  .isLessThan(resident);
            });
  }

  @Test
  void resultFilesCompare(@TempDir Path folder) throws IOException, RunnerException {
    Path slow = folder.resolve("slow.json");
    Path fast = folder.resolve("fast.json");
    for (Path file : List.of(slow, fast)) {
      run(
          smoke(BookkeepingBenchmark.class)
              .param("beams", "1")
              .resultFormat(ResultFormatType.JSON)
              .result(file.toString()));
    }
    assertThat(CompareResults.compare(slow, fast))
        .singleElement()
        .satisfies(
            c ->
                assertThat(c.benchmark())
                    .startsWith("BookkeepingBenchmark.sequenceBeam")
                    .contains("beams=1"));
    Files.writeString(slow, result("[[10, 11, 9], [10, 10, 11]]"));
    Files.writeString(fast, result("[[20, 21, 19], [22, 20, 21]]"));
    CompareResults.Change change = CompareResults.compare(slow, fast).get(0);
    assertThat(change.speed()).isCloseTo(123 / 61.0, within(1e-9));
    assertThat(change.low()).isBetween(1.7, 2.0);
    assertThat(change.high()).isBetween(2.0, 2.4);
    assertThat(change.verdict()).isEqualTo("faster");
    assertThat(CompareResults.compare(fast, slow).get(0).verdict()).isEqualTo("slower");
    assertThat(CompareResults.compare(fast, fast).get(0).verdict()).isEqualTo("no difference seen");
    Files.writeString(slow, "[]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CompareResults.compare(slow, fast))
        .withMessageContaining("no benchmark in common");
  }

  private static String result(String raw) {
    return "[{\"benchmark\": \"a.B.c\", \"mode\": \"thrpt\", \"primaryMetric\":"
        + " {\"scoreUnit\": \"ops/s\", \"rawData\": "
        + raw
        + "}}]";
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void theCheckOfResidentMemoryRuns() throws IOException {
    try (Vec2Text inverter = Vec2Text.builder().device(Device.CPU).open()) {
      assertThat(ResidentMemory.growth(inverter, 6, 5)).isEqualTo(1);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void theStartIsMeasured() throws IOException {
    StartBenchmark.main("parts");
    StartBenchmark.main("whole", "2", "5");
  }

  @Test
  void theTimeToStopIsMeasured() throws InterruptedException {
    StopLatency.main("1");
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
