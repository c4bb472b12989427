package io.vec2text.lm.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vec2text.lm.server.FakeModelServer.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
final class ServerProbeTest {
  private static final String PROMPT = "the secret prompt";

  @TempDir private Path folder;

  private ProbeReport probe(FakeModelServer fake, long maxCalls) throws IOException {
    Path tokenizer = folder.resolve("tokenizer.json");
    Files.writeString(tokenizer, FakeModelServer.tokenizer());
    try (ModelServer server =
        ModelServer.at(fake.url()).tokenizer(tokenizer).maxCalls(maxCalls).open()) {
      ProbeReport report = new ServerProbe(server, false).run(PROMPT);
      assertThat(report.calls()).isEqualTo(server.calls()).isLessThanOrEqualTo(maxCalls);
      return report;
    }
  }

  @Test
  void aServerThatShowsAllIsSaidToDoSo() throws IOException {
    try (FakeModelServer fake = new FakeModelServer(Kind.LLAMA_CPP)) {
      ProbeReport report = probe(fake, 60);
      assertThat(report.text())
          .contains("llama.cpp style")
          .contains("A caller can recover the whole distribution")
          .contains("in 1 call, about")
          .contains("hidden size: 6, which the server itself tells")
          .contains("Do not show log-probabilities of all tokens")
          .doesNotContain("secret");
      JsonNode json = FakeModelServer.JSON.readTree(report.json());
      assertThat(json.path("methods").path(0).path("method").asText()).isEqualTo("whole");
      assertThat(json.path("vocabulary").asInt()).isEqualTo(FakeModelServer.VOCABULARY);
      assertThat(json.path("largestDifference").asDouble()).isZero();
    }
  }

  @Test
  void theHiddenSizeIsToldByDistributionsWhereTheLimitAllows() throws IOException {
    try (FakeModelServer fake = new FakeModelServer(Kind.VLLM)) {
      ProbeReport report = probe(fake, 60);
      assertThat(report.size().size()).hasValue(FakeModelServer.SIZE);
      assertThat(report.text())
          .contains("hidden size: 6, told by the distributions after")
          .contains("who has the model's weights needs 7 tokens");
      assertThat(probe(fake, 20).text()).contains("hidden size: not measured");
    }
  }

  @Test
  void roundingIsSeen() throws IOException {
    try (FakeModelServer fake = new FakeModelServer(Kind.BIASED).rounding(2)) {
      ProbeReport report = probe(fake, 30);
      assertThat(report.capabilities().decimals()).hasValue(2);
      assertThat(report.text())
          .contains("rounded to 2 decimals")
          .contains("Do not allow logit_bias together with logprobs")
          .doesNotContain("If log-probabilities must be shown");
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void everyServerGetsAReportAndAdvice(Kind kind) throws IOException {
    try (FakeModelServer fake = new FakeModelServer(kind)) {
      ProbeReport report = probe(fake, 30);
      assertThat(report.advice()).isNotEmpty();
      assertThat(report.text())
          .contains("Advice to the owner")
          .contains(
              switch (kind) {
                case LLAMA_CPP, VLLM, OPENAI, BIASED, ANSWERS -> "can recover the whole";
                case TOP -> "A caller sees the 20 most probable tokens after a prompt, no more.";
                case CLOSED -> "A caller sees what the model answers, no more.";
              });
    }
  }
}
