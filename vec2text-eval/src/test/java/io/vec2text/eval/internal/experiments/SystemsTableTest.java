package io.vec2text.eval.internal.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import io.vec2text.Cancellation;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.eval.Evaluation;
import io.vec2text.eval.internal.report.Disclosure;
import io.vec2text.eval.internal.report.Html;
import io.vec2text.eval.internal.report.Markdown;
import io.vec2text.eval.internal.report.Report;
import io.vec2text.spi.Corrector;
import io.vec2text.spi.Decoding;
import io.vec2text.testing.ToyCorrector;
import io.vec2text.testing.ToyEmbedder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemsTableTest {
  @TempDir private Path folder;
  private final ToyEmbedder embedder = new ToyEmbedder();
  private final CountingCorrector corrector = new CountingCorrector(new ToyCorrector(embedder));
  private final List<Integer> soFar = new ArrayList<>();
  private Path texts;

  /** Counts the texts that it was asked for; ends the run after some. */
  private static final class CountingCorrector implements Corrector {
    private final Corrector corrector;
    private int asked;
    private int cancelAfter = Integer.MAX_VALUE;
    private Cancellation toCancel = new Cancellation();

    CountingCorrector(Corrector corrector) {
      this.corrector = corrector;
    }

    @Override
    public EmbeddingSpace space() {
      return corrector.space();
    }

    @Override
    public List<List<Candidate>> correct(
        List<Request> requests, Decoding decoding, Cancellation cancellation) {
      asked += requests.size();
      if (asked > cancelAfter) {
        toCancel.cancel();
      }
      return corrector.correct(requests, decoding, cancellation);
    }
  }

  @BeforeEach
  void write() throws IOException {
    Random random = new Random(1);
    texts =
        Files.write(
            folder.resolve("mine.txt"),
            Stream.generate(() -> ToyEmbedder.text(3, random)).limit(6).toList());
  }

  private TableOptions.Builder options() {
    return TableOptions.builder()
        .texts(texts)
        .steps(3)
        .width(2)
        .inversion(InversionOptions.builder().maxEmbeddings(40).seed(3).build());
  }

  private TableEvaluation run(TableOptions options) throws IOException {
    return new SystemsTable(embedder, corrector, Optional.empty(), (stage, done, total) -> {})
        .run(options, table -> soFar.add(table.rows().size()));
  }

  @Test
  void whoAsksTheModelIsMeasuredInTurnAndAtBest() throws IOException {
    List<String> asked = new ArrayList<>();
    AskedSystem echo =
        new AskedSystem(
            "echo",
            3,
            (text, way) -> {
              asked.add(way + text);
              return way == 2 ? text : "";
            },
            "");
    TableEvaluation table =
        SystemsTable.ofPrompts(
                embedder, new ToyCorrector(embedder), List.of(echo), (stage, done, total) -> {})
            .run(options().build(), soFarTable -> {});
    // Of 6 texts every third is asked in the way that is answered with the text.
    assertThat(exact(table, "echo, one of 3 in turn")).isEqualTo(2);
    assertThat(exact(table, "echo, best of 3 (oracle)")).isEqualTo(6);
    assertThat(asked).doesNotHaveDuplicates().hasSize(6 * 3);
    assertThat(Markdown.of(TableReports.report(table), Disclosure.REDACTED))
        .contains("Published figures, of another language model")
        .doesNotContain("GTR-base");
  }

  @Test
  void everyRowIsThereAndMeasured() throws IOException {
    TableEvaluation table =
        new SystemsTable(
                embedder,
                new ToyCorrector(embedder),
                Optional.of(new SystemsTable.PrefixDecoder(new ToyCorrector(embedder), "toy")),
                (stage, done, total) -> {})
            .run(
                options().corpus(texts).build(), soFarTable -> soFar.add(soFarTable.rows().size()));
    assertThat(table.complete()).isTrue();
    assertThat(table.errors()).isZero();
    assertThat(table.rows())
        .extracting(row -> row.system() + " / " + row.feedback().shown())
        .containsExactly(
            "bag of words / –",
            "decoder conditioned by one prefix vector / –",
            "base, 0 steps / –",
            "1 step / withheld",
            "1 step / with",
            "3 steps / withheld",
            "3 steps / with",
            "3 steps + sequence beam of 2 / withheld",
            "3 steps + sequence beam of 2 / with",
            "pool search / withheld",
            "pool search / with",
            "nearest of 6 / –",
            "floor: base, of a random vector / –",
            "floor: pool search, of another text's vector / –");
    assertThat(table.rows()).allMatch(row -> row.evaluation().isPresent());
    assertThat(embeddings(table, "decoder conditioned by one prefix vector", Feedback.NONE))
        .isLessThanOrEqualTo(1);
    assertThat(embeddings(table, "1 step", Feedback.WITHHELD)).isZero();
    assertThat(embeddings(table, "1 step", Feedback.WITH)).isBetween(1.0, 2.0);
    assertThat(exact(table, "nearest of 6")).isEqualTo(6);
    assertThat(exact(table, "floor: base, of a random vector")).isZero();
    assertThat(exact(table, "floor: pool search, of another text's vector")).isZero();
    assertThat(soFar).isSorted().hasSize(14);
  }

  private static Evaluation.Row row(TableEvaluation table, String system, Feedback feedback) {
    return table.rows().stream()
        .filter(row -> row.system().equals(system) && row.feedback() == feedback)
        .findFirst()
        .orElseThrow()
        .evaluation()
        .orElseThrow()
        .rows()
        .get(0);
  }

  private static double embeddings(TableEvaluation table, String system, Feedback feedback) {
    return row(table, system, feedback).embeddings();
  }

  private static int exact(TableEvaluation table, String system) {
    return row(table, system, Feedback.NONE).exact().count();
  }

  @Test
  void theShuffledFloorCostsNoFurtherSearch() throws IOException {
    TableEvaluation table = run(options().build());
    int before = corrector.asked;
    run(options().resume(folder.resolve("kept")).build());
    int whole = corrector.asked - before;
    assertThat(row(table, "pool search", Feedback.WITH).exact().count()).isPositive();
    assertThat(whole).isEqualTo(before);
  }

  @Test
  void aRunThatWasEndedGoesOnWhereItWas() throws IOException {
    TableEvaluation expected = run(options().build());
    int whole = corrector.asked;
    corrector.asked = 0;
    corrector.cancelAfter = whole / 2;
    TableOptions resumable = options().resume(folder.resolve("kept")).build();
    TableOptions ended =
        options()
            .resume(folder.resolve("kept"))
            .inversion(resumable.inversion().toBuilder().cancellation(corrector.toCancel).build())
            .build();
    assertThat(run(ended).complete()).isFalse();
    corrector.asked = 0;
    corrector.cancelAfter = Integer.MAX_VALUE;
    TableEvaluation resumed = run(resumable);
    assertThat(corrector.asked).isLessThan(whole * 3 / 4);
    assertThat(resumed.evaluations())
        .usingRecursiveComparison()
        .ignoringFieldsMatchingRegexes(".*[sS]econds")
        .isEqualTo(expected.evaluations());
    corrector.asked = 0;
    run(resumable);
    assertThat(corrector.asked).isZero();
  }

  @Test
  void reportsShowAllRowsAndThePublishedOnesAsQuoted() throws IOException {
    Report report = TableReports.report(run(options().build()));
    String text = Markdown.of(report.withoutTexts(), Disclosure.REDACTED);
    assertThat(text)
        .contains("| decoder conditioned by one prefix vector: none was given | – ")
        .contains("| nearest neighbour in a corpus: no corpus was given")
        .contains("Published figures, of another embedder", "| 50 steps + sequence beam of 8 ")
        .contains("Quoted from Morris et al. 2023")
        .doesNotContain("INCOMPLETE");
    assertThat(report.figures().get("systems")).hasSize(14);
    assertThat(Html.of(report, Disclosure.REDACTED)).contains("<svg", "Quality against cost");
  }

  @Test
  void textsGivenWithTheirHashAreNotShown() throws IOException {
    String hash = MoreFiles.asByteSource(texts).hash(Hashing.sha256()).toString();
    Report report = TableReports.report(run(options().sha256(hash).build()));
    assertThat(report.blocks()).isEqualTo(report.withoutTexts());
    assertThat(TableReports.report(run(options().build())).blocks())
        .isNotEqualTo(TableReports.report(run(options().build())).withoutTexts());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> run(options().sha256("00").build()))
        .withMessageContaining("expected 00");
  }
}
