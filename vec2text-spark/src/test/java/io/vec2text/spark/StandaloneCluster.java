package io.vec2text.spark;

import com.google.common.collect.Lists;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/** A master and workers of Spark's own kind of cluster, each a process on loopback. */
final class StandaloneCluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Path sparkHome;
  private final Path folder;
  private final int port;
  private final List<Process> processes = new ArrayList<>();

  private StandaloneCluster(Path sparkHome, Path folder, int port) {
    this.sparkHome = sparkHome;
    this.folder = folder;
    this.port = port;
  }

  /**
   * Starts a master and workers of one core each.
   *
   * @param sparkHome a folder with Spark's jars in {@code jars}
   * @param folder for logs and what executors keep
   */
  static StandaloneCluster start(Path sparkHome, Path folder, int workers)
      throws IOException, InterruptedException {
    StandaloneCluster cluster = new StandaloneCluster(sparkHome, folder, freePort());
    try {
      cluster.run(
          "master",
          "org.apache.spark.deploy.master.Master",
          "--port",
          String.valueOf(cluster.port),
          "--webui-port",
          "0");
      cluster.awaitMaster();
      for (int i = 0; i < workers; i++) {
        cluster.run(
            "worker-" + i,
            "org.apache.spark.deploy.worker.Worker",
            "--cores",
            "1",
            "--memory",
            "1g",
            "--webui-port",
            "0",
            "--work-dir",
            folder.resolve("work-" + i).toString(),
            cluster.master());
      }
      return cluster;
    } catch (IOException | InterruptedException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The address for {@code SparkSession.Builder.master}. */
  String master() {
    return "spark://127.0.0.1:" + port;
  }

  /** Where processes keep what they would leave in the folder for temporary files if killed. */
  Path local() {
    return folder.resolve("local");
  }

  private void run(String name, String mainClass, String... arguments) throws IOException {
    List<String> command =
        Lists.newArrayList(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
    command.addAll(
        List.of("-Xmx256m", "-cp", sparkHome.resolve("jars") + "/*", mainClass, "--host"));
    command.add("127.0.0.1");
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.put("SPARK_HOME", sparkHome.toString());
    environment.put("SPARK_SCALA_VERSION", "2.13");
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
    environment.put("SPARK_LOCAL_DIRS", local().toString());
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    File log = folder.resolve(name + ".log").toFile();
    processes.add(builder.redirectErrorStream(true).redirectOutput(log).start());
  }

  private void awaitMaster() throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        return;
      } catch (IOException e) {
        if (!processes.get(0).isAlive() || System.nanoTime() > end) {
          throw new IOException("the master did not start, see master.log", e);
        }
        Thread.sleep(200);
      }
    }
  }

  /** Processor time of all executors that are alive. */
  Duration executorTime() {
    return processes.stream()
        .skip(1)
        .flatMap(worker -> worker.toHandle().children())
        .map(executor -> executor.info().totalCpuDuration().orElse(Duration.ZERO))
        .reduce(Duration.ZERO, Duration::plus);
  }

  /** Kills a worker and its executor, as a machine that loses power does. */
  void kill(int worker) {
    Process process = processes.get(worker + 1);
    try (Stream<ProcessHandle> executors = process.descendants()) {
      List<ProcessHandle> found = executors.toList();
      process.destroyForcibly();
      found.forEach(ProcessHandle::destroyForcibly);
    }
  }

  @Override
  public void close() {
    List<ProcessHandle> executors = processes.stream().flatMap(Process::descendants).toList();
    processes.forEach(Process::destroyForcibly);
    executors.forEach(ProcessHandle::destroyForcibly);
  }

  /** The end of each process's log, for when something went wrong. */
  String logs() {
    try (Stream<Path> files = Files.list(folder)) {
      StringBuilder all = new StringBuilder();
      for (Path file :
          (Iterable<Path>) files.filter(f -> f.toString().endsWith(".log"))::iterator) {
        List<String> lines = Files.readAllLines(file);
        all.append(file.getFileName()).append(":\n");
        lines
            .subList(Math.max(0, lines.size() - 8), lines.size())
            .forEach(line -> all.append("  ").append(line).append('\n'));
      }
      return all.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
