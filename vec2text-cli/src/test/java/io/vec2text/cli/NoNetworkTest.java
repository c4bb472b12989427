package io.vec2text.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** That inverting needs no network, and that the Java part of it does not ask for any. */
final class NoNetworkTest {
  private static final String TEXT = "He died in 1905.";

  /** Runs a command where there is no network interface, not even a working loopback. */
  private static final List<String> ISOLATED = List.of("unshare", "-r", "-n");

  @TempDir private Path folder;

  private record Ended(int status, String out, String err) {}

  private Ended run(List<String> prefix, String... command) throws Exception {
    List<String> words = new ArrayList<>(prefix);
    words.addAll(List.of(command));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(words)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .directory(folder.toFile())
            .start();
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).as(words.toString()).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private void assumeIsolation() throws Exception {
    String problem;
    try {
      Ended ended = run(ISOLATED, "true");
      problem = ended.status() == 0 ? "" : "status " + ended.status() + ": " + ended.err().strip();
    } catch (IOException e) {
      problem = String.valueOf(e.getMessage());
    }
    assumeTrue(problem.isEmpty(), "no network namespaces here: " + problem);
  }

  /** Natives included, as the whole process has nothing to send by. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void invertsWhereThereIsNoNetwork() throws Exception {
    assumeIsolation();
    // What the kernel lists, below two lines of headings.
    assertThat(run(ISOLATED, "cat", "/proc/net/dev").out().lines().skip(2))
        .singleElement()
        .satisfies(line -> assertThat(line.strip()).startsWith("lo:"));

    // Nothing was ever unpacked or downloaded there.
    Path home = Files.createDirectory(folder.resolve("home"));
    // In a file, because the telemetry of ONNX Runtime 1.29 crashes a process whose command line is
    // longer than about 4 KiB (see its issue 32173).
    Path classPath =
        Files.writeString(
            folder.resolve("class-path"), "-cp \"" + System.getProperty("java.class.path") + "\"");
    Ended ended =
        run(
            ISOLATED,
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Duser.home=" + home,
            "-Dvec2text.cache=" + folder.resolve("cache"),
            "@" + classPath,
            Main.class.getName(),
            "invert",
            "--text",
            TEXT,
            "--max-embeddings",
            "30");
    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(ended.err()).startsWith("vec2text: 1 vectors: 1 exact").hasLineCount(1);
    assertRecovered(ended.out());
    assertThat(folder.resolve("cache")).isNotEmptyDirectory();
  }

  private static void assertRecovered(String lines) {
    List<JsonNode> results = Cli.parse(lines);
    assertThat(results).hasSize(1);
    assertThat(results.get(0).get("text").textValue()).isEqualTo("he died in 1905.");
    assertThat(results.get(0).get("verdict").textValue()).isEqualTo("exact");
  }

  @Test
  void asksForNoConnection() {
    ProxySelector before = ProxySelector.getDefault();
    Guard guard = new Guard();
    ProxySelector.setDefault(guard);
    try {
      Cli.Run run =
          new Cli(new OnnxEngines()).run("invert", "--text", TEXT, "--max-embeddings", 30);
      run.saysOneLine(0, "1 exact");
      assertRecovered(run.out());
      assertThat(guard.asked).isEmpty();

      // That the guard would have seen it.
      assertThatIllegalStateException()
          .isThrownBy(
              () -> {
                try (Socket socket = new Socket()) {
                  socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9));
                }
              });
      assertThat(guard.asked).hasSize(1);
    } finally {
      ProxySelector.setDefault(before);
    }
  }

  /** Is asked before a socket or a URL connects, and refuses. */
  private static final class Guard extends ProxySelector {
    final List<URI> asked = new CopyOnWriteArrayList<>();

    @Override
    public List<Proxy> select(URI uri) {
      asked.add(uri);
      throw new IllegalStateException("a connection to " + uri + " was asked for");
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException e) {}
  }
}
