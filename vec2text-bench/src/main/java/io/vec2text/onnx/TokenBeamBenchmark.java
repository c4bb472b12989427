package io.vec2text.onnx;

import java.util.Random;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a decoder's beam costs besides the decoder: of the 64 best next words of each row, as a
 * graph hands them over, to take the best of all rows, to append them, and to keep what has ended.
 * An operation is one item's texts of 32 tokens. In this package, because rows are not public.
 *
 * <pre>{@code
 * java -jar vec2text-bench/target/benchmarks.jar TokenBeamBenchmark -p beams=1,8,32
 * }</pre>
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 3)
@Fork(2)
@State(Scope.Benchmark)
public class TokenBeamBenchmark {
  private static final int TOKENS = 32;
  private static final int NEXT_WORDS = 64;
  private static final int VOCABULARY = 30_000;
  private static final int END = 1;
  private static final int END_EVERY = 16;
  private static final long SEED = 1;

  /** The project's own beam, or the one of the published package. */
  @Param({"own", "published"})
  public String kind;

  /** Rows of the beam. */
  @Param({"1", "8", "32"})
  public int beams;

  private float[][] scores;
  private int[][] words;

  /** Draws what the graph would hand over at each step: words with falling log-probabilities. */
  @Setup
  public void draw() {
    Random random = new Random(SEED);
    scores = new float[TOKENS][beams * NEXT_WORDS];
    words = new int[TOKENS][beams * NEXT_WORDS];
    for (int t = 0; t < TOKENS; t++) {
      for (int r = 0; r < beams; r++) {
        float score = 0;
        for (int j = 0; j < NEXT_WORDS; j++) {
          int at = r * NEXT_WORDS + j;
          score -= random.nextFloat() / (1 + j);
          scores[t][at] = score;
          boolean ends = j == 1 && random.nextInt(END_EVERY) == 0;
          words[t][at] = ends ? END : 2 + random.nextInt(VOCABULARY);
        }
      }
    }
  }

  /** Writes the texts of one item. */
  @Benchmark
  public Object beam() {
    DecodingState rows =
        kind.equals("own")
            ? new BeamState(beams, 1, TOKENS, END)
            : new PublishedBeamState(beams, 1, TOKENS, END);
    for (int t = 0; t < TOKENS && !rows.finished(); t++) {
      rows.advance(scores[t], words[t], 0, NEXT_WORDS);
    }
    return rows.texts();
  }
}
