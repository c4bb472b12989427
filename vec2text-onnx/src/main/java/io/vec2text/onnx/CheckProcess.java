package io.vec2text.onnx;

import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import com.google.common.collect.Lists;
import io.vec2text.internal.ShutdownOrder;
import java.io.BufferedReader;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Checks foreign packages in a process of its own, with bounds of memory and time: native code that
 * ends its process on a file made to that purpose then ends that one, and the package is refused
 * like any other. The process serves one check after the other; after one that ended it, the next
 * starts another.
 */
final class CheckProcess implements AutoCloseable {
  private static final String HEAP = "-Xmx1g";
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final int MAX_ANSWER = 10_000;
  private static final String ENDED = "";

  /** Where natives and caches are, and who may be asked: as in this process. */
  private static final List<String> PROPERTIES =
      List.of(
          PackageCache.PROPERTY,
          "java.io.tmpdir",
          "java.library.path",
          "onnxruntime.native.path",
          "RUST_LIBRARY_PATH",
          "user.home");

  private final Duration patience;
  private @Nullable Process process;
  private BlockingQueue<String> answers = new LinkedBlockingQueue<>();

  CheckProcess() {
    this(PATIENCE);
  }

  CheckProcess(Duration patience) {
    this.patience = patience;
  }

  /**
   * Checks the package in a directory.
   *
   * @throws ModelFormatException if it is damaged, or the check takes too much time or memory, or
   *     ends the process
   */
  PackageCheck check(Path directory, Device device, int threads) {
    // What Java can tell needs no other process.
    PackageInfo info = PackageInfo.of(directory);
    try {
      String answer = ask(device + " " + threads + " " + directory.toRealPath(), directory);
      List<String> parts = Splitter.on(' ').limit(3).splitToList(answer);
      if (!parts.get(0).equals("OK")) {
        throw new ModelFormatException(answer.substring(answer.indexOf(' ') + 1));
      }
      return new PackageCheck(
          info,
          Duration.ofNanos(Long.parseLong(parts.get(1))),
          Duration.ofNanos(Long.parseLong(parts.get(2))));
    } catch (IOException e) {
      throw new ModelFormatException("can't check " + directory + ": " + OrtRuntime.line(e), e);
    }
  }

  private String ask(String question, Path directory) throws IOException {
    Process asked = running();
    OutputStream to = asked.getOutputStream();
    to.write((question + "\n").getBytes(StandardCharsets.UTF_8));
    to.flush();
    long end = System.nanoTime() + patience.toNanos();
    try {
      while (System.nanoTime() < end) {
        String answer = answers.poll(100, TimeUnit.MILLISECONDS);
        if (answer != null && answer.equals(ENDED)) {
          int status = asked.waitFor();
          close();
          throw new ModelFormatException(
              "the models in "
                  + directory
                  + " end the process that loads them (exit status "
                  + status
                  + "): they are damaged, or made to do so");
        }
        if (answer != null) {
          return answer;
        }
        ShutdownOrder.check();
      }
      throw new ModelFormatException(
          "the models in "
              + directory
              + " take longer than "
              + patience.toSeconds()
              + " s to check");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ModelFormatException("interrupted while checking " + directory, e);
    }
  }

  private Process running() throws IOException {
    Process there = process;
    if (there != null && there.isAlive()) {
      return there;
    }
    Path folder = ProcessFolder.create("check");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            HEAP,
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:ErrorFile=" + folder.resolve("crash")));
    for (String property : PROPERTIES) {
      String value = System.getProperty(property);
      if (value != null) {
        command.add("-D" + property + "=" + value);
      }
    }
    command.addAll(List.of("-cp", classPath(), CheckProcess.class.getName()));
    Process started =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    Thread reader = new Thread(() -> read(started, lines), "vec2text-check");
    reader.setDaemon(true);
    reader.start();
    process = started;
    answers = lines;
    return started;
  }

  private static String classPath() {
    List<String> entries =
        Splitter.on(File.pathSeparatorChar).splitToList(System.getProperty("java.class.path"));
    return Joiner.on(File.pathSeparatorChar)
        .join(Lists.transform(entries, entry -> Path.of(entry).toAbsolutePath()));
  }

  private static void read(Process process, BlockingQueue<String> lines) {
    try (Reader in = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)) {
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c >= 0 && line.length() < MAX_ANSWER; c = in.read()) {
        if (c == '\n') {
          lines.add(line.toString());
          line.setLength(0);
        } else {
          line.append((char) c);
        }
      }
    } catch (IOException e) {
      // It ended.
    } finally {
      process.destroyForcibly();
      lines.add(ENDED);
    }
  }

  @Override
  public void close() {
    Process there = process;
    process = null;
    if (there != null) {
      there.destroyForcibly();
    }
  }

  /**
   * The other process: reads questions from standard input, each a device, a number of threads and
   * a directory, and answers each by a line. Ends with its input.
   */
  public static void main(String[] args) {
    PrintStream answers =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    System.setOut(System.err);
    BlockingQueue<String> questions = new LinkedBlockingQueue<>();
    Thread checker = new Thread(() -> answer(questions, answers), "check");
    checker.setDaemon(true);
    checker.start();
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        questions.add(line);
      }
    } catch (IOException e) {
      // As at its end.
    }
    System.exit(0);
  }

  private static void answer(BlockingQueue<String> questions, PrintStream answers) {
    try {
      while (true) {
        List<String> question = Splitter.on(' ').limit(3).splitToList(questions.take());
        answers.println(
            answer(
                Path.of(question.get(2)),
                Device.parse(question.get(0)),
                Integer.parseInt(question.get(1))));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String answer(Path directory, Device device, int threads) {
    try {
      PackageCheck check = PackageCheck.run(directory, device, threads);
      return "OK " + check.hashing().toNanos() + " " + check.loading().toNanos();
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      return "BAD " + OrtRuntime.line(e);
    }
  }
}
