package io.vec2text.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalesTest {
  @TempDir private Path folder;

  private String[] read(Charset encoding, String commandLine, Charset written, String... args)
      throws IOException {
    Path file = Files.write(folder.resolve("cmdline"), commandLine.getBytes(written));
    return new Locales(file, encoding).arguments(args);
  }

  @Test
  void readsWhatWasGiven() throws IOException {
    String line = "java\0-jar\0x.jar\0--text\0Prüfung?\0";
    assertThat(read(US_ASCII, line, UTF_8, "--text", "Pr??fung?"))
        .containsExactly("--text", "Prüfung?");
    assertThat(read(US_ASCII, line, UTF_8, "--text", "Pr\uFFFD\uFFFDfung?"))
        .containsExactly("--text", "Prüfung?");
    assertThat(read(UTF_8, line, UTF_8, "--text", "Prüfung?"))
        .containsExactly("--text", "Prüfung?");
    assertThat(read(ISO_8859_1, line, ISO_8859_1, "--text", "Prüfung?"))
        .containsExactly("--text", "Prüfung?");
    assertThat(read(UTF_8, "java\0Main\0\uFFFD\0\0", UTF_8, "\uFFFD", ""))
        .containsExactly("\uFFFD", "");
  }

  @Test
  void saysWhatCannotBeRead() {
    String line = "java\0Main\0--text\0Prüfung\0";
    assertThatThrownBy(() -> read(UTF_8, line, ISO_8859_1, "--text", "Pr\uFFFDfung"))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("argument 2 holds characters")
        .hasMessageContaining("LC_ALL=C.UTF-8");
    // Where the command line can't be had, or is another's.
    assertThatThrownBy(() -> read(US_ASCII, "java\0Main\0--x\0y\0", UTF_8, "--text", "Pr??fung"))
        .hasMessageContaining("argument 2 holds characters");
    assertThatThrownBy(
            () -> new Locales(folder.resolve("none"), US_ASCII).arguments(new String[] {"a?"}))
        .hasMessageContaining("argument 1 holds characters");
  }

  /** The process's own arguments, in the locale of most containers. */
  @Test
  void aProcessInAnAsciiLocaleReadsTextsAndRefusesNames() throws Exception {
    assumeTrue(Files.isReadable(Path.of("/proc/self/cmdline")));
    assertThat(inAscii("invert", "--text", "Prüfung bestanden"))
        .startsWith("Prüfung bestanden\n")
        .doesNotContain("?");
    assertThat(inAscii("invert", folder + "/Prüfung.npy"))
        .contains("can't name a file in this locale's encoding", "LC_ALL=C.UTF-8")
        .hasLineCount(1);
  }

  /** Prints the texts that it is to embed. */
  static final class Echo {
    private Echo() {}

    public static void main(String[] args) {
      Toys toys = new Toys();
      toys.embedded = text -> System.out.writeBytes((text + "\n").getBytes(UTF_8));
      System.exit(Main.process(toys, args));
    }
  }

  private static String inAscii(String... args) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Echo.class.getName()));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return said;
  }
}
