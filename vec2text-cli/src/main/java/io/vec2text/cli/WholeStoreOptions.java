package io.vec2text.cli;

import io.vec2text.Embedder;
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

  /** Adds it to an audit. */
  void addTo(Audit.Builder audit, Embedder embedder) throws IOException {
    if (deletedIds != null) {
      audit.deletedIds(AuditFiles.ids(deletedIds));
    }
    if (known != null) {
      List<String> texts = AuditFiles.texts(known);
      audit.knownTexts(texts, embedder);
    }
  }
}
