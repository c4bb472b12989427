package io.vec2text.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each piece of Java in the documents is one that compiles. */
final class ReadmeSnippetsTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```java\\n(.*?)^```");
  private static final Pattern IMPORT = Pattern.compile("(?m)^import [\\w.]+;\\n");

  private static String withoutSpaces(String code) {
    return code.replaceAll("\\s", "");
  }

  @Test
  void compileAsTheyStand() throws IOException {
    String source =
        withoutSpaces(
            Files.readString(
                    ROOT.resolve("examples/src/main/java/io/vec2text/examples/ReadmeSnippets.java"))
                // Compiled where Spark is, in the profile of its module.
                + Files.readString(
                    ROOT.resolve(
                        "vec2text-spark/src/test/java/io/vec2text/spark/SparkSnippets.java")));
    List<Path> documents = new ArrayList<>(List.of(ROOT.resolve("README.md")));
    try (Stream<Path> found = Files.walk(ROOT.resolve("docs"))) {
      found.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
    }
    int blocks = 0;
    for (Path document : documents) {
      Matcher block = BLOCK.matcher(Files.readString(document));
      while (block.find()) {
        blocks++;
        String code = block.group(1);
        assertThat(source)
            .as(document.toString())
            .contains(withoutSpaces(IMPORT.matcher(code).replaceAll("")));
        IMPORT
            .matcher(code)
            .results()
            .forEach(line -> assertThat(source).contains(withoutSpaces(line.group())));
      }
    }
    assertThat(blocks).isGreaterThan(2);
  }
}
