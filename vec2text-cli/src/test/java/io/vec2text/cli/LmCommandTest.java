package io.vec2text.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ObjectArrays;
import io.vec2text.testing.LoopbackServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The toy language model of {@code vec2text-lm}, attacked from the command line. */
final class LmCommandTest {
  /** Of the texts of an npy file: magic, header, and no more. */
  private static final int HEADER = 128;

  private static final int VOCABULARY = 420;

  private static final Path TOY =
      DocumentationTest.root().resolve("vec2text-lm/src/test/resources/io/vec2text/lm/toy");

  @TempDir private static Path shared;
  @TempDir private Path folder;

  private static final KeptEngines ENGINES = new KeptEngines();

  private final Cli cli = new Cli(ENGINES);

  @BeforeAll
  static void createSpace() {
    Cli.Run created =
        new Cli(new OnnxEngines())
            .run(
                "space",
                "create",
                "--lm",
                TOY,
                "--texts",
                TOY.resolve("prompts.txt"),
                "--without-tokens",
                "--output",
                shared.resolve("space"));
    assertThat(created.err()).doesNotContain("Exception");
    assertThat(created.status()).isZero();
  }

  @AfterAll
  static void close() {
    ENGINES.close();
  }

  private static String prompt(int i) throws IOException {
    return Files.readAllLines(TOY.resolve("prompts.txt")).get(i);
  }

  private Path observed(Object... options) throws IOException {
    Path file = folder.resolve("distributions.npy");
    Cli.Run run =
        cli.run(
            ObjectArrays.concat(
                new Object[] {"lm", "observe", "--lm", TOY, "--output", file, "--force"},
                options,
                Object.class));
    assertThat(run.status()).as(run.err()).isZero();
    return file;
  }

  @Test
  void promptsComeBackFromTheirDistributions() throws IOException {
    Path file = observed("--prompt", prompt(29), "--prompt", prompt(4));
    assertThat(Files.size(file)).isEqualTo(HEADER + 2L * VOCABULARY * Float.BYTES);
    Cli.Run run = invert(file, "--max-embeddings", 400);
    assertThat(run.status()).as(run.err()).isZero();
    List<String> lines = run.out().lines().toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).contains(prompt(29)).contains("\"verdict\":\"exact\"");
    assertThat(lines.get(1)).contains("\"text\":\"").contains("\"verdict\":");
    assertThat(run.err()).contains("2 vectors");
  }

  @Test
  void roundingThatIsNotDeclaredIsDetected() throws IOException {
    Path file = observed("--prompt", prompt(5), "--decimals", 2);
    assertThat(invert(file, "--max-embeddings", 2).err())
        .contains("not made by vec2text/toy-language-model at this precision: 1 of");
    Cli.Run declared = invert(file, "--max-embeddings", 2, "--decimals", 2);
    assertThat(declared.err()).contains("1 vector").doesNotContain("not made by");
  }

  @Test
  void anOutputThatIsCompleteNeedsNothingMore() throws IOException {
    Path file = observed("--prompt", prompt(5));
    Path output = folder.resolve("found.jsonl");
    assertThat(invert(file, "--max-embeddings", 1, "--output", output).status()).isZero();
    assertThat(invert(file, "--max-embeddings", 1, "--output", output, "--resume").err())
        .contains("complete, nothing to do");
    assertThat(invert(file, "--max-embeddings", 1, "--output", output).err())
        .contains("--resume continues it, --force replaces it");
  }

  @Test
  void theMostProbableTokensDoWithPartial() throws IOException {
    Path file = observed("--prompt", prompt(5), "--top", 20, "--decimals", 2);
    assertThat(invert(file, "--max-embeddings", 50).err()).contains("expected 1");
    Cli.Run run = invert(file, "--max-embeddings", 50, "--partial", "--decimals", 2);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("\"cosine\":");
  }

  @Test
  void whatIsNoDistributionIsNamedInOneLine() throws IOException {
    assertThat(invert(npy(VOCABULARY, 3f), "--max-embeddings", 1).err())
        .contains("the log-probability of token 0 is 3.0, expected a number of at most 0");
    assertThat(invert(npy(VOCABULARY, Float.NaN), "--max-embeddings", 1).err())
        .contains("token 0 is NaN");
    float even = (float) -Math.log(100);
    assertThat(invert(npy(100, even), "--max-embeddings", 1).err())
        .contains("the distribution is over 100 tokens, but the model has 420");
  }

  @Test
  void promptsAreEvaluatedByWhatIsShownOfTheirDistributions() throws IOException {
    Path prompts = Files.write(folder.resolve("some.txt"), List.of(prompt(0), prompt(1)));
    Object[] eval = {
      "eval",
      "--lm",
      TOY,
      "--model",
      shared.resolve("space"),
      "--texts",
      prompts,
      "--max-embeddings",
      20,
      "--threads",
      1,
      "--shown"
    };
    assertThat(cli.run(ObjectArrays.concat(eval, "top:50,decimals:2")).status()).isZero();
    assertThat(cli.run(ObjectArrays.concat(eval, "top:one")).err())
        .contains("expected top:TOKENS, decimals:N and temperature:T");
    assertThat(cli.run("eval", "--shown", "top:5").err()).contains("--shown needs --lm");
  }

  @Test
  void theTableAsksTheModelToo() throws IOException {
    Path prompts =
        Files.write(folder.resolve("some.txt"), List.of(prompt(0), prompt(1), prompt(2)));
    Object[] table = {
      "eval",
      "table",
      "--lm",
      TOY,
      "--model",
      shared.resolve("space"),
      "--texts",
      prompts,
      "--bucket",
      "all",
      "--max-embeddings",
      20,
      "--steps",
      2,
      "--width",
      2,
      "--threads",
      1,
      "--samples",
      2
    };
    Cli.Run run;
    String reply = "{\"choices\":[{\"message\":{\"content\":\"a guess\"}}]}";
    try (LoopbackServer large =
        new LoopbackServer("/", exchange -> LoopbackServer.answer(exchange, 200, reply))) {
      Object[] guesser = {"--guesser", "http://localhost:" + large.port(), "--guesser-model", "a"};
      run = cli.run(ObjectArrays.concat(table, guesser, Object.class));
    }
    assertThat(run.err()).doesNotContain("Exception");
    assertThat(run.status()).isZero();
    assertThat(run.out())
        .contains("sample inverter, the likeliest answer")
        .contains("sample inverter, 2 answers drawn")
        .contains("few-shot guess from the likeliest tokens")
        .contains("by the model at http://localhost:")
        .contains("requests to repeat the prompt, one of 8 in turn")
        .contains("requests to repeat the prompt, best of 8 (oracle)")
        .contains("distribution inversion, one distribution")
        .doesNotContain("GTR");
    assertThat(
            cli.run(
                    ObjectArrays.concat(
                        table, new Object[] {"--prefix-decoder", TOY}, Object.class))
                .err())
        .contains("--prefix-decoder and --lm are mutually exclusive");
    assertThat(cli.run("eval", "table", "--guesser", "http://localhost:1").err())
        .contains("--guesser needs --lm");
  }

  @Test
  void whatIsMissingIsSaid() {
    assertThat(cli.run("lm", "observe", "--lm", TOY, "--output", folder.resolve("a.npy")).err())
        .contains("expected either --prompt or --prompts=<file>");
    assertThat(cli.run("lm", "invert", folder.resolve("a.npy")).err())
        .contains("expected --lm=<dir>");
    assertThat(cli.run("lm", "observe", "--lm", folder, "--prompt", "a", "--output", "b.npy").err())
        .contains("expected the package of a language model");
    assertThat(cli.run("invert", "--text", "a", "--lm", TOY).err())
        .contains("--lm needs --model=<dir> of its space");
  }

  private Cli.Run invert(Path file, Object... options) {
    Path space = shared.resolve("space");
    return cli.run(
        ObjectArrays.concat(
            new Object[] {"lm", "invert", file, "--lm", TOY, "--model", space, "--threads", 1},
            options,
            Object.class));
  }

  private Path npy(int width, float value) throws IOException {
    String dict = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, " + width + "), }";
    ByteBuffer out =
        ByteBuffer.allocate(HEADER + width * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) 0x93).put("NUMPY\1\0".getBytes(StandardCharsets.ISO_8859_1));
    out.putShort((short) (HEADER - 10)).put(dict.getBytes(StandardCharsets.ISO_8859_1));
    while (out.position() < HEADER - 1) {
      out.put((byte) ' ');
    }
    out.put((byte) '\n');
    for (int i = 0; i < width; i++) {
      out.putFloat(value);
    }
    return Files.write(folder.resolve("made.npy"), out.array());
  }
}
