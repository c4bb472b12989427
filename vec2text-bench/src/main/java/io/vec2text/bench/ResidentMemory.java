package io.vec2text.bench;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;

import io.vec2text.InversionOptions;
import io.vec2text.Outcome;
import io.vec2text.onnx.Device;
import io.vec2text.onnx.Vec2Text;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * Whether a process that inverts vector after vector keeps its size, natives included: prints its
 * resident memory as it goes, and ends with status 1 if that is more than a tenth above what it was
 * early on. Not a benchmark of JMH; Linux only.
 *
 * <pre>{@code
 * java -Xmx256m -cp vec2text-bench/target/benchmarks.jar io.vec2text.bench.ResidentMemory 2000 30
 * }</pre>
 */
public final class ResidentMemory {
  private static final String USAGE = "usage: ResidentMemory [vectors [embeddings a vector]]";
  private static final int TARGETS = 512;
  private static final int WINDOW = 64;
  private static final int INTERVAL = 200;
  private static final long MAX_HEAP = 256L << 20;
  private static final double MAX_GROWTH = 1.1;

  private ResidentMemory() {}

  /** Runs the check: 2,000 vectors at 30 embeddings each, unless told otherwise. */
  public static void main(String[] args) throws IOException {
    checkArgument(args.length <= 2, USAGE);
    long heap = Runtime.getRuntime().maxMemory();
    checkState(heap <= MAX_HEAP, "expected a heap of 256 MiB (-Xmx256m), found %s bytes", heap);
    int vectors = args.length > 0 ? Integer.parseInt(args[0]) : 2000;
    int embeddings = args.length > 1 ? Integer.parseInt(args[1]) : 30;
    checkArgument(vectors > 0, "vectors must be at least 1, was %s", vectors);
    double growth;
    try (Vec2Text inverter = Vec2Text.builder().device(Device.CPU).open()) {
      growth = growth(inverter, vectors, embeddings);
    }
    if (growth > MAX_GROWTH) {
      System.exit(1);
    }
  }

  /** Inverts vectors in windows, and returns by which factor the process grew after the first. */
  static double growth(Vec2Text inverter, int vectors, int embeddings) throws IOException {
    List<float[]> targets = Sentences.nearlyEmbedded(inverter.embedder(), TARGETS);
    long first = 0;
    long last = 0;
    for (int done = 0; done < vectors; ) {
      int start = done % TARGETS;
      int n = Math.min(Math.min(WINDOW, TARGETS - start), INTERVAL - done % INTERVAL);
      n = Math.min(n, vectors - done);
      // A seed of its own, so that a sentence that comes again is searched for in another way.
      InversionOptions options =
          InversionOptions.builder().maxEmbeddings(embeddings).seed(done).build();
      inverter.invertAll(targets.subList(start, start + n), options).forEach(Outcome::orThrow);
      done += n;
      if (done % INTERVAL == 0 || done == vectors) {
        last = ProcessMemory.kib("VmRSS");
        first = first == 0 ? last : first;
        System.out.printf(Locale.ROOT, "%,6d vectors: %,.1f MiB resident%n", done, last / 1024.0);
      }
    }
    double growth = (double) last / first;
    System.out.printf(Locale.ROOT, "the last is %.3f times the first%n", growth);
    return growth;
  }
}
