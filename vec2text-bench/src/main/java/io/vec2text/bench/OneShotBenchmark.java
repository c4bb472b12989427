package io.vec2text.bench;

import io.vec2text.Cancellation;
import io.vec2text.onnx.Device;
import io.vec2text.onnx.Vec2Text;
import io.vec2text.spi.Corrector;
import io.vec2text.spi.Decoding;
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
 * First guesses alone, written from vectors without embedding any, by vectors in a call and width
 * of the beam over tokens. An operation is a call; {@link Spent} has the rates of vectors and
 * decodes.
 *
 * <pre>{@code
 * java -jar vec2text-bench/target/benchmarks.jar OneShotBenchmark -p batch=16 -p beams=1,4,8
 * }</pre>
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 5, time = 10)
@Fork(2)
@State(Scope.Benchmark)
public class OneShotBenchmark {

  /** Vectors in a call. */
  @Param({"1", "16", "64"})
  public int batch;

  /** Width of the beam over tokens. */
  @Param({"1", "4"})
  public int beams;

  /** Where to run, as {@link Device#parse} reads it. */
  @Param("cpu")
  public String device;

  /** Threads of a model run; 0 for one a core. */
  @Param("0")
  public int threads;

  private Vec2Text inverter;
  private List<Corrector.Request> requests;

  /** Loads the models and makes the vectors. */
  @Setup
  public void open() {
    inverter = Vec2Text.builder().device(Device.parse(device)).threads(threads).open();
    requests =
        Sentences.nearlyEmbedded(inverter.embedder(), batch).stream()
            .map(vector -> Corrector.Request.first(vector, 0))
            .toList();
  }

  /** Writes the guesses of one batch. */
  @Benchmark
  public List<List<Corrector.Candidate>> guess(Spent spent) {
    List<List<Corrector.Candidate>> guesses =
        inverter.corrector().correct(requests, new Decoding.Beam(beams), new Cancellation());
    spent.vectors += guesses.size();
    guesses.forEach(texts -> spent.decodes += texts.size());
    return guesses;
  }

  /** Releases the models. */
  @TearDown
  public void close() {
    inverter.close();
  }
}
