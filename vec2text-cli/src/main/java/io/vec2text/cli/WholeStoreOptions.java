package io.vec2text.cli;

import io.vec2text.audit.Audit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What an audit looks for in all records, inverted or not. */
final class WholeStoreOptions {
  @Option(
      names = "--deleted-ids",
      paramLabel = "<file>",
      description =
          "Ids that the source system has deleted, one a line: each record that still has one is a"
              + " finding.")
  private @Nullable Path deletedIds;

  @Option(
      names = "--known",
      paramLabel = "<texts.txt>",
      description =
          "Texts of your own, one a line, at most "
              + AuditFiles.MAX_COMPARED
              + ": says which are in the store, by their vectors.")
  private @Nullable Path known;

  @Option(
      names = "--triage",
      paramLabel = "<n>",
      description =
          "Predict words and length of every record from its vector alone, and invert, besides the"
              + " sample, the n records whose words make one suspect the most harmful data; 0 for"
              + " none.")
  private @Nullable Integer triage;

  /** Finds out before the models are loaded what can't work. */
  void check() throws IOException {
    if (deletedIds != null) {
      Problems.requireExists(deletedIds);
    }
    if (known != null) {
      Problems.requireExists(known);
    }
  }

  /** Adds what is read. */
  Inputs addTo(Inputs inputs) {
    return inputs.file(deletedIds).file(known);
  }

  /** Records that are inverted besides the sample. */
  int suspects() {
    return triage == null ? 0 : triage;
  }

  /** Adds it to an audit. */
  void addTo(Audit.Builder audit, Engines.Engine engine) throws IOException {
    if (deletedIds != null) {
      audit.deletedIds(AuditFiles.ids(deletedIds));
    }
    if (known != null) {
      List<String> texts = AuditFiles.texts(known);
      audit.knownTexts(texts, engine.embedder());
    }
    if (triage != null) {
      audit.triage(
          engine
              .corrector()
              .wordPredictor()
              .orElseThrow(
                  () -> new CliException("--triage needs models that predict words; these do not")),
          triage);
    }
  }
}
