package io.vec2text.bench;

import io.vec2text.InversionOptions;
import io.vec2text.Outcome;
import io.vec2text.onnx.Device;
import io.vec2text.onnx.Vec2Text;
import io.vec2text.search.Search;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The loop of the paper, decode and re-embed, by steps, beams and vectors side by side. An
 * operation is a call with a whole batch; {@link Spent} has the rates of vectors, embeddings and
 * decodes.
 *
 * <pre>{@code
 * java -jar vec2text-bench/target/benchmarks.jar DecodeLoopBenchmark -p steps=20 -p beams=1,4,8
 * }</pre>
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 5, time = 10)
@Fork(2)
@State(Scope.Benchmark)
public class DecodeLoopBenchmark {
  private static final InversionOptions AMPLE =
      InversionOptions.builder().maxEmbeddings(1_000_000).build();

  /** Corrections after the first guess. */
  @Param({"1", "8"})
  public int steps;

  /** Hypotheses kept from step to step. */
  @Param({"1", "4"})
  public int beams;

  /** Vectors searched side by side. */
  @Param({"1", "16"})
  public int batch;

  /** Where to run, as {@link Device#parse} reads it. */
  @Param("cpu")
  public String device;

  /** Threads of a model run; 0 for one a core. */
  @Param("0")
  public int threads;

  private Vec2Text inverter;
  private List<float[]> targets;

  /** Loads the models and makes the vectors. */
  @Setup
  public void open() {
    inverter =
        Vec2Text.builder()
            .search(Search.sequenceBeam(steps, beams))
            .device(Device.parse(device))
            .threads(threads)
            .maxConcurrentTargets(batch)
            .open();
    targets = Sentences.nearlyEmbedded(inverter.embedder(), batch);
  }

  /** Inverts one batch. */
  @Benchmark
  public List<Outcome> sequenceBeam(Spent spent) {
    return spent.count(inverter.invertAll(targets, AMPLE));
  }

  /** Releases the models. */
  @TearDown
  public void close() {
    inverter.close();
  }
}
