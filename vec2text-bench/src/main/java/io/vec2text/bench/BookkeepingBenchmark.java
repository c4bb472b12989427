package io.vec2text.bench;

import io.vec2text.Cancellation;
import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.Outcome;
import io.vec2text.Vectors;
import io.vec2text.search.IterativeInverter;
import io.vec2text.search.Search;
import io.vec2text.spi.Corrector;
import io.vec2text.spi.Decoding;
import io.vec2text.spi.Hypothesis;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
 * What a search costs besides its models: sequence beam search over an embedder and a corrector
 * that answer at once, so that what is left is to tell texts apart, to compare vectors, to keep the
 * top {@code beams} and to rank the pool. An operation is a call with a whole batch.
 *
 * <pre>{@code
 * java -jar vec2text-bench/target/benchmarks.jar BookkeepingBenchmark -p beams=1,8,32
 * }</pre>
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 3)
@Fork(2)
@State(Scope.Benchmark)
public class BookkeepingBenchmark {
  private static final EmbeddingSpace SPACE = EmbeddingSpace.of("instant", 384);
  private static final int VECTORS = 4096;
  private static final long SEED = 1;
  private static final InversionOptions AMPLE =
      InversionOptions.builder().maxEmbeddings(1_000_000).build();

  /** Corrections after the first guess. */
  @Param("8")
  public int steps;

  /** Hypotheses kept from step to step, and candidates of each. */
  @Param({"1", "8", "32"})
  public int beams;

  /** Vectors searched side by side. */
  @Param("16")
  public int batch;

  private IterativeInverter inverter;
  private List<float[]> targets;

  /** Makes vectors, texts and targets. */
  @Setup
  public void open() {
    Random random = new Random(SEED);
    List<float[]> vectors = Stream.generate(() -> direction(random)).limit(VECTORS).toList();
    inverter =
        IterativeInverter.builder(new InstantEmbedder(vectors), new InstantCorrector())
            .search(Search.sequenceBeam(steps, beams))
            .maxConcurrentTargets(batch)
            .build();
    targets = Stream.generate(() -> direction(random)).limit(batch).toList();
  }

  private static float[] direction(Random random) {
    float[] vector = new float[SPACE.dimension()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return Vectors.unit(vector);
  }

  /** Searches for one batch. */
  @Benchmark
  public List<Outcome> sequenceBeam(Spent spent) {
    return spent.count(inverter.invertAll(targets, AMPLE));
  }

  /** Releases the inverter. */
  @TearDown
  public void close() {
    inverter.close();
  }

  /** Looks a text's vector up by its hash. */
  private record InstantEmbedder(List<float[]> vectors) implements Embedder {
    @Override
    public EmbeddingSpace space() {
      return SPACE;
    }

    @Override
    public float[][] embed(List<String> texts) {
      float[][] found = new float[texts.size()][];
      for (int i = 0; i < found.length; i++) {
        found[i] = vectors.get(Math.floorMod(texts.get(i).hashCode(), vectors.size()));
      }
      return found;
    }
  }

  /** Adds a number to a text; every fourth candidate is there already. */
  private static final class InstantCorrector implements Corrector {
    @Override
    public EmbeddingSpace space() {
      return SPACE;
    }

    @Override
    public List<List<Candidate>> correct(
        List<Request> requests, Decoding decoding, Cancellation cancellation) {
      List<List<Candidate>> written = new ArrayList<>();
      for (Request request : requests) {
        Hypothesis hypothesis = request.hypothesis();
        String before = hypothesis == null ? "a guess" : hypothesis.text();
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < decoding.count(); i++) {
          String text = i % 4 == 3 ? before : before.substring(before.length() / 4) + " " + i;
          candidates.add(new Candidate(text, -i));
        }
        written.add(candidates);
      }
      return written;
    }
  }
}
