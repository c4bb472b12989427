package io.vec2text.bench;

import com.google.common.collect.Lists;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2.AllMiniLmL6V2EmbeddingModel;
import io.vec2text.Embedder;
import io.vec2text.onnx.Device;
import io.vec2text.onnx.ModelPackage;
import io.vec2text.onnx.OnnxEmbedder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Texts embedded in a second, by this library and by langchain4j's class for the same graph, from
 * the same sentences of mixed lengths. An operation is one text.
 *
 * <pre>{@code
 * java -jar vec2text-bench/target/benchmarks.jar EmbedderBenchmark -p batch=1,64,1024
 * }</pre>
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@OperationsPerInvocation(EmbedderBenchmark.TEXTS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 5)
@Fork(2)
@State(Scope.Benchmark)
public class EmbedderBenchmark {
  static final int TEXTS = 1024;

  /** Texts a call; the last call of a round may take fewer. */
  @Param({"1", "64", "1024"})
  public int batch;

  /** Texts an invocation; with another number give it to {@code -opi}, too. */
  @Param("" + TEXTS)
  public int texts;

  private List<List<String>> batches;
  private List<List<TextSegment>> segments;

  /** Splits the texts into batches. */
  @Setup
  public void split() {
    batches = Lists.partition(Sentences.some(texts), batch);
    segments = batches.stream().map(b -> b.stream().map(TextSegment::from).toList()).toList();
  }

  /** {@link OnnxEmbedder#embed}. */
  @Benchmark
  public void vec2text(Ours ours, Blackhole blackhole) {
    for (List<String> some : batches) {
      blackhole.consume(ours.embedder.embed(some));
    }
  }

  /** {@link EmbeddingModel#embedAll} of langchain4j's class. */
  @Benchmark
  public void langchain4j(Theirs theirs, Blackhole blackhole) {
    for (List<TextSegment> some : segments) {
      blackhole.consume(theirs.model.embedAll(some));
    }
  }

  /** This library's embedder; apart, so that a fork loads only what it measures. */
  @State(Scope.Benchmark)
  public static class Ours {
    /** Where to run, as {@link Device#parse} reads it. */
    @Param("cpu")
    public String device;

    /** Threads of a run; 0 for one a core. */
    @Param("0")
    public int threads;

    private Embedder embedder;

    /** Loads the model. */
    @Setup
    public void open() {
      embedder =
          OnnxEmbedder.open(
              ModelPackage.onClassPath("all-MiniLM-L6-v2"), Device.parse(device), threads);
    }

    /** Releases the model. */
    @TearDown
    public void close() {
      embedder.close();
    }
  }

  /** The embedder of langchain4j. */
  @State(Scope.Benchmark)
  public static class Theirs {
    private EmbeddingModel model;

    /** Loads the model, which has no way to be released. */
    @Setup
    public void open() {
      model = new AllMiniLmL6V2EmbeddingModel();
    }
  }
}
