package io.vec2text.cli;

import io.vec2text.sources.VectorReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of where the results of an inversion go. */
final class ResultFileOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--output",
      paramLabel = "<file>",
      description =
          "Where to write, readable by you alone, in the form that the ending says: .jsonl, .csv,"
              + " or .txt for people. Default: standard output.")
  private @Nullable Path output;

  @Option(
      names = "--resume",
      description =
          "Continue an output that was cut short; begin one if there is none; nothing is to be done"
              + " for one that is complete.")
  private boolean resume;

  @Option(names = "--force", description = "Replace the output if it exists.")
  private boolean force;

  /** Checks what was given against what is read. */
  void check(VectorOptions vectors) throws IOException {
    Problems.require(
        spec, output != null || !(resume || force), "--resume and --force need --output");
    Problems.require(spec, !(resume && force), "--resume and --force exclude each other");
    Optional<String> problem = resume ? vectors.whyNotResumable() : Optional.empty();
    Problems.require(spec, problem.isEmpty(), "--resume " + problem.orElse(""));
  }

  boolean given() {
    return output != null;
  }

  /** The form that the output's ending says. */
  ResultForm form() {
    return output == null ? ResultForm.JSONL : ResultForm.of(output);
  }

  /** Claims the output, if there is one. */
  void claim(Outputs outputs) throws IOException {
    if (output != null) {
      outputs.claim(output, resume || force, "--resume continues it, --force replaces it");
    }
  }

  /** Does a job whose results go there, and returns its exit status. */
  int run(
      InvertJob job,
      EngineSettings settings,
      VectorOptions vectors,
      VectorReader reader,
      Outputs outputs,
      InvertJob.Fingerprinting fingerprint)
      throws IOException {
    return output == null
        ? job.toStandardOutput(settings, vectors, reader)
        : job.toFile(settings, vectors, reader, output, outputs, resume, fingerprint);
  }
}
