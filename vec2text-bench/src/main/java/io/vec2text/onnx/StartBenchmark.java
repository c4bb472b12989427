package io.vec2text.onnx;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;
import static java.util.Objects.requireNonNull;

import com.sun.management.OperatingSystemMXBean;
import io.vec2text.InversionOptions;
import io.vec2text.Outcome;
import io.vec2text.bench.ProcessMemory;
import io.vec2text.bench.Sentences;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What it costs to open the models for all-MiniLM-L6-v2 and to invert with them, step by step: time
 * by the clock and of the processor (all threads, the JVM's own included), bytes read and written
 * by system calls, and the MiB that are resident afterwards. Linux only. Not a benchmark of JMH: a
 * process starts once.
 *
 * <pre>{@code
 * java -cp vec2text-bench/target/benchmarks.jar io.vec2text.onnx.StartBenchmark whole 200 300
 * java -cp vec2text-bench/target/benchmarks.jar io.vec2text.onnx.StartBenchmark parts
 * }</pre>
 *
 * <p>{@code whole} opens them as users do, inverts a sentence, and then as many vectors as it is
 * told, with so many embeddings each. {@code parts} opens one part after the other, and hashes the
 * package's files one by one. For a cold cache set the property {@code vec2text.cache} to an empty
 * folder.
 */
public final class StartBenchmark {
  private static final String USAGE =
      "usage: StartBenchmark whole [vectors [embeddings a vector]] | parts";
  private static final String MODEL = "all-MiniLM-L6-v2";
  private static final int WINDOW = 64;
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private long wall = System.nanoTime();
  private long processor;
  private long read;
  private long written;

  private StartBenchmark() {}

  /** Runs one of the two and prints a line a step. */
  public static void main(String... args) throws IOException {
    checkArgument(args.length >= 1, USAGE);
    StartBenchmark benchmark = new StartBenchmark();
    benchmark.start();
    if (args[0].equals("parts")) {
      checkArgument(args.length == 1, USAGE);
      benchmark.parts();
    } else {
      checkArgument(args[0].equals("whole") && args.length <= 3, USAGE);
      int vectors = args.length > 1 ? Integer.parseInt(args[1]) : 0;
      int embeddings = args.length > 2 ? Integer.parseInt(args[2]) : 300;
      benchmark.whole(vectors, embeddings);
    }
  }

  private void start() throws IOException {
    System.out.printf(
        Locale.ROOT,
        "%-34s %8s %8s %9s %9s %9s %9s %9s%n",
        "step",
        "seconds",
        "CPU s",
        "read",
        "written",
        "resident",
        "peak",
        "heap");
    wall -= ManagementFactory.getRuntimeMXBean().getUptime() * 1_000_000;
    done("JVM, until main");
  }

  void whole(int vectors, int embeddings) throws IOException {
    try (Vec2Text inverter = Vec2Text.builder().model(MODEL).device(Device.CPU).open()) {
      done("Vec2Text.open");
      String sentence = "The library opens at nine.";
      float[] vector = inverter.embedder().embed(List.of(sentence))[0];
      done("first text embedded");
      inverter.corrector().wordPredictor().orElseThrow().predict(List.of(vector), 5);
      done("first words read off");
      Outcome first = inverter.invertAll(List.of(vector), InversionOptions.defaults()).get(0);
      first.orThrow();
      done("first sentence inverted");
      search(inverter, vectors, embeddings);
    }
    done("closed");
  }

  private void search(Vec2Text inverter, int vectors, int embeddings) throws IOException {
    if (vectors == 0) {
      return;
    }
    List<float[]> targets = Sentences.nearlyEmbedded(inverter.embedder(), vectors);
    done(vectors + " texts embedded");
    InversionOptions options = InversionOptions.builder().maxEmbeddings(embeddings).build();
    for (int i = 0; i < vectors; i += WINDOW) {
      int end = Math.min(i + WINDOW, vectors);
      inverter.invertAll(targets.subList(i, end), options).forEach(Outcome::orThrow);
      done(end + " vectors inverted");
    }
    Runtime.getRuntime().gc();
    done("garbage collected");
  }

  void parts() throws IOException {
    ModelPackage.available();
    done("packages found");
    ModelPackage model = ModelPackage.onClassPath(MODEL);
    done("package hashed, unpacked if new");
    List<AutoCloseable> open = new ArrayList<>();
    OrtRuntime.environment();
    done("ONNX Runtime's library");
    Natives.loadTokenizers();
    done("tokenizers' library");
    open.add(HfTokenization.open(model.file(model.embedder().tokenizer())));
    done("tokenizer");
    open.add(OrtGraph.open(model.graph(model.embedder().graph()), Device.CPU, 0));
    done("embedder's graph");
    for (String role : model.inversion().kind().roles()) {
      open.add(model.graph(role, Device.CPU, 0));
      done("graph " + role);
    }
    Manifest.Inversion inversion = model.inversion();
    List<Object> held = new ArrayList<>();
    int vocabulary = inversion.tokens().vocabulary();
    Path trigramFile = model.file(requireNonNull(inversion.trigrams()));
    held.add(Trigrams.read(trigramFile, vocabulary));
    done("language model");
    Path wordFile = model.file(requireNonNull(inversion.tokenContributions()));
    held.add(WordTable.read(wordFile, vocabulary, model.space().dimension()));
    done("word vectors");
    held.add(requireNonNull(model.vectorStatistics()));
    done("vector statistics");
    checkState(held.size() == 3, "expected a language model, word vectors and statistics");
    for (AutoCloseable part : open) {
      Graph.quietly(part);
    }
    done("closed");
  }

  /** Prints what was spent since the last step. */
  private void done(String step) throws IOException {
    long now = System.nanoTime();
    long nowProcessor = SYSTEM.getProcessCpuTime();
    long nowRead = transferred("rchar");
    long nowWritten = transferred("wchar");
    Runtime runtime = Runtime.getRuntime();
    System.out.printf(
        Locale.ROOT,
        "%-34s %8.2f %8.2f %9.1f %9.1f %9.1f %9.1f %9.1f%n",
        step,
        (now - wall) / 1e9,
        (nowProcessor - processor) / 1e9,
        mebibytes(nowRead - read),
        mebibytes(nowWritten - written),
        ProcessMemory.kib("VmRSS") / 1024.0,
        ProcessMemory.kib("VmHWM") / 1024.0,
        mebibytes(runtime.totalMemory() - runtime.freeMemory()));
    wall = System.nanoTime();
    processor = SYSTEM.getProcessCpuTime();
    read = nowRead;
    written = nowWritten;
  }

  private static double mebibytes(long bytes) {
    return bytes / (double) (1 << 20);
  }

  private static long transferred(String figure) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/io"))) {
      if (line.startsWith(figure + ": ")) {
        return Long.parseLong(line.substring(figure.length() + 2));
      }
    }
    throw new IOException("/proc/self/io has no line " + figure);
  }
}
