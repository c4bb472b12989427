package io.vec2text.eval.internal.setup;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.google.common.primitives.Bytes;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import io.vec2text.search.IterativeInverter;
import io.vec2text.testing.ToyCorrector;
import io.vec2text.testing.ToyEmbedder;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class RememberingInverterTest {
  @TempDir private Path folder;
  private final ToyEmbedder embedder = new ToyEmbedder();
  private final Inverter inverter =
      IterativeInverter.builder(embedder, new ToyCorrector(embedder)).build();
  private final List<float[]> vectors =
      Arrays.asList(embedder.embed(List.of("the cat slept", "a red ship", "king of the sea")));
  private final InversionOptions options =
      InversionOptions.builder().maxEmbeddings(40).trace(true).build();

  private RememberingInverter open(String conditions) throws IOException {
    return RememberingInverter.open(inverter, Optional.of(folder), "a name/of it", conditions);
  }

  private Path file() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.findFirst().orElseThrow();
    }
  }

  private List<Outcome> invert(String conditions, List<float[]> some) throws IOException {
    try (RememberingInverter remembering = open(conditions)) {
      return remembering.invertAll(some, options);
    }
  }

  @Test
  void whatWasFoundIsReadAgainWholly() throws IOException {
    List<Outcome> expected = invert("x", vectors);
    long embedded = embedder.embedded();
    List<InversionResult> again = invert("x", vectors).stream().map(Outcome::orThrow).toList();
    assertThat(embedder.embedded()).isEqualTo(embedded);
    assertThat(again)
        .usingRecursiveComparison()
        .isEqualTo(expected.stream().map(Outcome::orThrow).toList());
  }

  @Test
  void aTornLineIsInvertedAnew() throws IOException {
    invert("x", vectors);
    String content = Files.readString(file());
    Files.writeString(file(), content.substring(0, content.length() - 20));
    long embedded = embedder.embedded();
    List<Outcome> again = invert("x", vectors);
    assertThat(embedder.embedded()).isGreaterThan(embedded);
    assertThat(again.get(2).orThrow().text())
        .isEqualTo(inverter.invert(vectors.get(2), options).text());
    assertThat(Files.readAllLines(file(), UTF_8)).hasSize(3);
  }

  @Test
  void otherConditionsHaveAnotherFile() throws IOException {
    invert("x", vectors);
    long embedded = embedder.embedded();
    invert("y", vectors);
    assertThat(embedder.embedded()).isGreaterThan(embedded);
    assertThat(folder.toFile().list())
        .hasSize(2)
        .allMatch(name -> name.startsWith("a-name-of-it."));
  }

  @Test
  void twoRunsDoNotShareAFile() throws IOException {
    try (RememberingInverter first = open("x")) {
      first.invertAll(vectors.subList(0, 1), options);
      assertThatIOException()
          .isThrownBy(() -> open("x"))
          .withMessageContaining("another run is writing to it");
    }
    invert("x", vectors);
  }

  @Test
  void refusesWhatIsNoResultAndQuotesNothing() throws IOException {
    invert("x", vectors.subList(0, 1));
    String good = Files.readString(file());
    for (String bad :
        List.of(
            "{\"secret\": \"text\"}",
            "null",
            "[]",
            "{\"vector\":null,\"result\":null}",
            "{\"vector\":\"secret\",\"result\":{}}",
            "{\"vector\":" + "1".repeat(1001) + "}",
            "\0\0\0{")) {
      for (Charset encoding : List.of(UTF_8, UTF_16, Charset.forName("UTF-32"))) {
        byte[] line = (bad + "\n").getBytes(encoding);
        byte[] damaged = Bytes.concat(good.getBytes(UTF_8), line);
        Files.write(file(), damaged);
        assertThatIOException()
            .isThrownBy(() -> open("x"))
            .satisfies(
                e ->
                    assertThat(e.getMessage())
                        .startsWith(file() + ": line ")
                        .doesNotContain("secret", "\n"));
        assertThat(file()).hasBinaryContent(damaged);
      }
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void onlyTheOwnerReadsIt() throws IOException {
    Path inner = folder.resolve("kept");
    RememberingInverter.open(inverter, Optional.of(inner), "n", "c").close();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(inner)))
        .isEqualTo("rwx------");
    try (Stream<Path> files = Files.list(inner)) {
      assertThat(files)
          .allSatisfy(
              f ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(f)))
                      .isEqualTo("rw-------"));
    }
  }
}
