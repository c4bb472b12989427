package io.vec2text.eval.internal.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import io.vec2text.InversionOptions;
import io.vec2text.Inverter;
import io.vec2text.eval.Evaluation;
import io.vec2text.eval.internal.report.Disclosure;
import io.vec2text.eval.internal.report.Html;
import io.vec2text.eval.internal.report.Markdown;
import io.vec2text.eval.internal.report.Report;
import io.vec2text.search.IterativeInverter;
import io.vec2text.testing.ToyCorrector;
import io.vec2text.testing.ToyEmbedder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepTest {
  @TempDir private Path folder;
  private final ToyEmbedder embedder = new ToyEmbedder();
  private final ToyCorrector corrector = new ToyCorrector(embedder);
  private final Inverter inverter = IterativeInverter.builder(embedder, corrector).build();
  private Path texts;

  @BeforeEach
  void write() throws IOException {
    Random random = new Random(1);
    texts =
        Files.write(
            folder.resolve("mine.txt"),
            Stream.generate(() -> ToyEmbedder.text(40, random)).limit(5).toList());
  }

  private SweepEvaluation run(SweepOptions.Builder options) throws IOException {
    return new Sweep(oracle -> inverter, embedder, corrector, (stage, done, total) -> {})
        .run(
            options
                .limit(3)
                .search("pool")
                .inversion(InversionOptions.builder().maxEmbeddings(30).build())
                .build(),
            soFar -> {});
  }

  private SweepOptions.Builder over(Sweep.Over over) {
    return SweepOptions.builder(over).texts(texts);
  }

  private static List<String> labels(SweepEvaluation sweep) {
    return sweep.points().stream().map(p -> p.series() + " " + p.label()).toList();
  }

  private static Evaluation.Row first(SweepEvaluation.Point point) {
    return point.evaluation().rows().get(0);
  }

  @Test
  void cutsTextsToEveryLength() throws IOException {
    SweepEvaluation sweep = run(over(Sweep.Over.LENGTH).values(List.of(2, 5)));
    assertThat(labels(sweep)).containsExactly("pool 2 tokens", "pool 5 tokens");
    assertThat(sweep.points().get(1).evaluation().items())
        .hasSize(3)
        .allSatisfy(item -> assertThat(item.target().split(" ")).hasSize(5));
    Report report = SweepReports.report(sweep);
    assertThat(Markdown.of(report.blocks(), Disclosure.REVEALED)).contains("| pool   | 5 tokens |");
    assertThat(Html.of(report, Disclosure.REDACTED)).contains("<svg", "polyline");
    assertThat(report.figures().at("/points/1/value").asInt()).isEqualTo(5);
  }

  @Test
  void goesThroughStepsForEachWidth() throws IOException {
    SweepEvaluation sweep = run(over(Sweep.Over.STEPS).values(List.of(0, 2)).widths(List.of(1, 2)));
    assertThat(labels(sweep))
        .containsExactly(
            "width 1 0 steps", "width 1 2 steps", "width 2 0 steps", "width 2 2 steps");
    assertThat(sweep.points())
        .allSatisfy(p -> assertThat(first(p).embeddings()).isBetween(1.0, 7.0));
    assertThat(first(sweep.points().get(3)).embeddings())
        .isGreaterThan(first(sweep.points().get(1)).embeddings());
  }

  @Test
  void keepsFewerAndFewerDimensions() throws IOException {
    SweepEvaluation sweep = run(over(Sweep.Over.DIMENSIONS).values(List.of(64, 8)));
    assertThat(labels(sweep))
        .containsExactly(
            "naive 64 dimensions",
            "naive 8 dimensions",
            "informed 64 dimensions",
            "informed 8 dimensions");
    assertThat(first(sweep.points().get(0)).cosine().mean())
        .isGreaterThan(first(sweep.points().get(1)).cosine().mean());
  }

  @Test
  void takesTheClosestOfMoreAndMoreGuesses() throws IOException {
    SweepEvaluation sweep = run(over(Sweep.Over.CANDIDATES).values(List.of(1, 8)));
    assertThat(labels(sweep)).containsExactly("closest guess of 1", "closest guess of 8");
    assertThat(first(sweep.points().get(1)).cosine().mean())
        .isGreaterThanOrEqualTo(first(sweep.points().get(0)).cosine().mean());
  }

  @Test
  void goesThroughDomainsWhoseTextsAreNeverShown() throws IOException {
    Random random = new Random(2);
    Path other =
        Files.write(
            folder.resolve("other.txt"),
            Stream.generate(() -> ToyEmbedder.text(4 + random.nextInt(20), random))
                .limit(30)
                .toList());
    String hash = MoreFiles.asByteSource(other).hash(Hashing.sha256()).toString();
    SweepOptions.Builder options =
        SweepOptions.builder(Sweep.Over.DOMAIN)
            .texts(other)
            .domains(List.of(Domain.parse("other=" + other + "#" + hash)));
    SweepEvaluation sweep = run(options);
    assertThat(labels(sweep)).containsExactly("pool other.txt", "pool other");
    assertThat(sweep.points().get(1).evaluation().rows())
        .extracting(Evaluation.Row::bucket)
        .containsExactly("4-8", "9-16", "17-32", "all");
    Report report = SweepReports.report(sweep);
    assertThat(report.blocks()).isEqualTo(report.withoutTexts());
    Domain wrong = Domain.parse("other=" + other + "#" + "0".repeat(64));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> run(options.domains(List.of(wrong))))
        .withMessageContaining("expected " + wrong.sha256().orElseThrow());
  }

  @Test
  void refusesValuesOutOfRange() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> over(Sweep.Over.LENGTH).values(List.of(4, 0)))
        .withMessage("values of a sweep over length must be at least 1, one was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Domain.parse("x"))
        .withMessageContaining("a domain must be NAME=FILE");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> run(over(Sweep.Over.DIMENSIONS).values(List.of(65))))
        .withMessageContaining("truncate:65");
  }
}
