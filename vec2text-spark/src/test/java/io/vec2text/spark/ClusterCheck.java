package io.vec2text.spark;

import com.google.common.collect.Lists;
import com.google.common.io.Resources;
import com.google.common.primitives.Floats;
import com.sun.management.OperatingSystemMXBean;
import io.vec2text.InversionOptions;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import io.vec2text.onnx.Vec2Text;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Inverts vectors of all-MiniLM-L6-v2 on a cluster of two workers, with and without one of them
 * being killed, and compares all rows with those of one process. {@code tools/test-spark} runs it.
 */
final class ClusterCheck {
  private static final int PARTITIONS = 8;
  private static final int KILLED_AFTER = 2;

  private final Path sparkHome;
  private final List<String> jars;
  private final int count;
  private final InversionSpec spec;
  private final Path folder;
  private final List<String> lengths;
  private final List<float[]> vectors = new ArrayList<>();
  private final List<Row> expected = new ArrayList<>();
  private boolean failed;

  private ClusterCheck(
      Path sparkHome,
      List<String> jars,
      int count,
      int embeddings,
      Path folder,
      List<String> lengths) {
    this.sparkHome = sparkHome;
    this.jars = jars;
    this.count = count;
    this.folder = folder;
    this.lengths = lengths;
    spec =
        InversionSpec.builder()
            .options(InversionOptions.builder().maxEmbeddings(embeddings).build())
            .build();
  }

  /**
   * Runs the check.
   *
   * @param args Spark's home; the jars that executors are to be sent, with commas between them; how
   *     many vectors; how many embeddings for each; a folder for logs; lengths of sentences in
   *     tokens, such as {@code 4-8}, with commas between them; whether to kill a worker once more
   */
  public static void main(String[] args) throws Exception {
    ClusterCheck check =
        new ClusterCheck(
            Path.of(args[0]),
            List.of(args[1].split(",", -1)),
            Integer.parseInt(args[2]),
            Integer.parseInt(args[3]),
            Path.of(args[4]),
            List.of(args[5].split(",", -1)));
    double one = check.oneProcess();
    double whole = check.cluster("undisturbed", false);
    if (Boolean.parseBoolean(args[6])) {
      check.cluster("one of two workers killed", true);
    }
    say("overhead: %.1f %% of processor time", 100 * (whole / one - 1));
    if (check.failed) {
      say("FAILED");
      System.exit(1);
    }
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }

  private static double cpuSeconds() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1e9;
  }

  private static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  private List<String> texts() throws IOException {
    List<String> lines =
        Resources.readLines(
            Resources.getResource("io/vec2text/eval/wikipedia-dev.tsv"), StandardCharsets.UTF_8);
    List<String> texts =
        lines.stream()
            .filter(line -> lengths.contains(line.substring(0, line.indexOf('\t'))))
            .map(line -> line.substring(line.indexOf('\t') + 1))
            .toList();
    int step = Math.max(1, texts.size() / count);
    List<String> chosen = new ArrayList<>();
    for (int i = 0; chosen.size() < count; i += step) {
      String text = texts.get(i % texts.size());
      // No vector twice, as that would be searched once if it were in one batch.
      int again = i / texts.size();
      chosen.add(again == 0 ? text : text.replaceFirst("\\W*$", " in " + (1950 + again) + "."));
    }
    say("%d vectors of %d sentences", count, Math.min(count, texts.size()));
    return chosen;
  }

  /** Returns the seconds of processor time. */
  private double oneProcess() throws IOException, InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (Vec2Text inverter = Vec2Text.builder().threads(1).open()) {
      vectors.addAll(List.of(inverter.embedder().embed(texts())));
      vectors.get(3)[17] = Float.NaN;
      vectors.set(5, new float[768]);
      InversionOptions options = spec.options();
      inverter.invertAll(vectors.subList(0, 2), options);
      long start = System.nanoTime();
      double cpu = cpuSeconds();
      List<Future<List<Outcome>>> outcomes = new ArrayList<>();
      for (List<float[]> part : Lists.partition(vectors, spec.batchSize())) {
        outcomes.add(threads.submit(() -> ((Inverter) inverter).invertAll(part, options)));
      }
      for (Future<List<Outcome>> part : outcomes) {
        part.get().forEach(outcome -> expected.add(ResultColumn.of(outcome)));
      }
      cpu = cpuSeconds() - cpu;
      say(
          "one process, two threads: %d vectors, %.1f s, %.1f s of processor time",
          count, secondsSince(start), cpu);
      return cpu;
    } finally {
      threads.shutdownNow();
    }
  }

  private SparkSession session(StandaloneCluster cluster) {
    return SparkSession.builder()
        .master(cluster.master())
        .appName("vec2text")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.log.level", "ERROR")
        .config("spark.executor.cores", "1")
        .config("spark.executor.memory", "768m")
        .config("spark.locality.wait", "0")
        .config("spark.local.dir", cluster.local().toString())
        .config(
            "spark.executor.extraJavaOptions",
            "-Dvec2text.cache=" + System.getProperty("vec2text.cache"))
        .config("spark.jars", String.join(",", jars))
        .getOrCreate();
  }

  private Dataset<Row> rows(SparkSession session, int from, int to) {
    List<Row> rows = new ArrayList<>();
    for (int i = from; i < to; i++) {
      rows.add(RowFactory.create(i, Floats.asList(vectors.get(i))));
    }
    return session.createDataFrame(
        rows,
        new StructType()
            .add("id", DataTypes.IntegerType, false)
            .add("embedding", DataTypes.createArrayType(DataTypes.FloatType)));
  }

  /** Returns the seconds of processor time of the executors. */
  private double cluster(String name, boolean kill) throws Exception {
    Path logs = Files.createDirectories(folder.resolve(kill ? "killed" : "undisturbed"));
    try (StandaloneCluster cluster = StandaloneCluster.start(sparkHome, logs, 2);
        SparkSession session = session(cluster)) {
      long start = System.nanoTime();
      awaitExecutors(session);
      // Opens the models on both, so that what is measured is the work.
      SparkInversion.invert(rows(session, 0, 2).repartition(2), "embedding", spec).collectAsList();
      double opening = secondsSince(start);
      TaskCounter counter = new TaskCounter(PARTITIONS, KILLED_AFTER, () -> cluster.kill(0));
      if (kill) {
        session.sparkContext().addSparkListener(counter);
      }
      Duration before = cluster.executorTime();
      start = System.nanoTime();
      Dataset<Row> rows = rows(session, 0, count).repartition(PARTITIONS);
      // The results are spread anew, so that those of the worker that dies are lost with it.
      List<Row> found =
          SparkInversion.invert(rows, "embedding", spec)
              .repartition(2, functions.col("id"))
              .collectAsList();
      double seconds = secondsSince(start);
      double cpu = cluster.executorTime().minus(before).toMillis() / 1e3;
      say("cluster, %s: %.1f s to open, then %.1f s", name, opening, seconds);
      if (kill) {
        say("  killed after %d of %d tasks", counter.ended(), PARTITIONS);
        failed |= counter.ended() < KILLED_AFTER;
      } else {
        say("  %.1f s of processor time of both executors", cpu);
      }
      compare(found);
      return cpu;
    }
  }

  private static void awaitExecutors(SparkSession session) throws InterruptedException {
    for (int i = 0; session.sparkContext().statusTracker().getExecutorInfos().length < 3; i++) {
      if (i > 600) {
        throw new IllegalStateException("the workers did not come up within a minute");
      }
      Thread.sleep(100);
    }
  }

  private void compare(List<Row> found) {
    Set<Integer> ids = new HashSet<>();
    int same = 0;
    int sameBits = 0;
    for (Row row : found) {
      ids.add(row.getInt(0));
      Row result = row.getStruct(2);
      Row alone = expected.get(row.getInt(0));
      sameBits += result.equals(alone) ? 1 : 0;
      same += withoutCosine(result).equals(withoutCosine(alone)) ? 1 : 0;
    }
    long errors = found.stream().filter(r -> !r.getStruct(2).isNullAt(5)).count();
    say(
        "  %d rows, %d different ids, %d errors; equal to one process: %d, to the last bit %d",
        found.size(), ids.size(), errors, same, sameBits);
    failed |= found.size() != count || ids.size() != count || same != count || errors != 2;
  }

  private static List<Object> withoutCosine(Row result) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < result.size(); i++) {
      if (i != 1) {
        values.add(result.get(i));
      }
    }
    return values;
  }
}
