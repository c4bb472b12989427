package io.vec2text.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An audit with the trained package that the runnable jar holds. */
final class AuditRealModelTest {
  @TempDir private Path folder;

  @Test
  void readsAPasswordFromItsVector() throws IOException {
    Cli cli = new Cli(new OnnxEngines());
    Path texts =
        Files.write(
            folder.resolve("texts.txt"),
            List.of("The password is hunter2.", "He died in 1905.", "It rained."));
    Path vectors = folder.resolve("vectors.npy");
    cli.run("embed", texts, "--output", vectors).saysOneLine(0, "3 texts");
    Path report = folder.resolve("report.json");
    Cli.Run run =
        cli.run("audit", vectors, "--max-embeddings", 60, "--threads", 1, "--json", report);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("High risk", "password").doesNotContain("hunter2");
    List<String> found = new ArrayList<>();
    for (JsonNode finding : new ObjectMapper().readTree(report.toFile()).path("findings")) {
      if (finding.path("index").intValue() == 0) {
        found.add(
            finding.path("type").asText()
                + " "
                + finding.path("severity").asText()
                + " "
                + finding.path("exactness").asText());
      }
    }
    assertThat(found).containsExactly("password critical verbatim", "full-text medium verbatim");
  }
}
