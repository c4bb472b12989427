package io.vec2text.cli;

import io.vec2text.eval.internal.setup.TextOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of commands that measure on texts: on which, and what an attacker may look up. */
final class TextsOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--split",
      paramLabel = "<split>",
      defaultValue = "dev",
      description = "dev or test. Default: ${DEFAULT-VALUE}.")
  private String split;

  @Option(names = "--texts", paramLabel = "<file>", description = "Your own texts, one a line.")
  private @Nullable Path texts;

  @Option(
      names = "--sha256",
      paramLabel = "<hash>",
      description = "The hash that the file of --texts must have; no report shows its texts then.")
  private @Nullable String sha256;

  @Option(
      names = "--limit",
      paramLabel = "<n>",
      description = "Texts of a bucket at most. Default: 500; of a table 100, of a sweep 50.")
  private @Nullable Integer limit;

  @Option(
      names = "--corpus",
      paramLabel = "<file>",
      description = "Also evaluate the nearest neighbour among these texts, one a line.")
  private @Nullable Path corpus;

  @Option(
      names = "--cache",
      paramLabel = "<dir>",
      description = "Where the corpus's vectors are kept. Default: the corpus's folder.")
  private @Nullable Path cache;

  /** Finds out before the models are loaded what can't work. */
  void check() throws IOException {
    require(
        split.equals("dev") || split.equals("test"),
        "--split must be dev or test, was \"" + split + "\"");
    require(limit == null || limit >= 0, "--limit must be at least 0, was " + limit);
    require(sha256 == null || texts != null, "--sha256 is the hash of --texts");
    for (@Nullable Path file : new @Nullable Path[] {texts, corpus}) {
      if (file != null) {
        Problems.requireExists(file);
      }
    }
  }

  private void require(boolean condition, String message) {
    Problems.require(spec, condition, message);
  }

  /** Adds the files that are read. */
  Inputs addTo(Inputs inputs) throws IOException {
    Path beside = corpus == null ? null : corpus.toAbsolutePath().getParent();
    return inputs.file(texts).file(corpus).folder(cache == null ? beside : cache, "*.npy");
  }

  /** The shipped split, if it is what is measured. */
  Optional<String> shipped() {
    return texts == null ? Optional.of(split) : Optional.empty();
  }

  /** Whether sentences are left out. */
  boolean none() {
    return limit != null && limit == 0;
  }

  /** Hands over what was chosen. */
  void apply(TextOptions.Builder<?> builder) {
    builder.split(split);
    if (texts != null) {
      builder.texts(texts);
    }
    if (sha256 != null) {
      builder.sha256(sha256);
    }
    if (limit != null) {
      builder.limit(limit);
    }
    if (corpus != null) {
      builder.corpus(corpus);
    }
    if (cache != null) {
      builder.cache(cache);
    }
  }
}
