package io.vec2text.cli;

import io.vec2text.eval.EvaluationSet;
import io.vec2text.eval.internal.defence.Defence;
import io.vec2text.eval.internal.defence.DefenceEvaluation;
import io.vec2text.eval.internal.defence.DefenceLab;
import io.vec2text.eval.internal.defence.DefenceOptions;
import io.vec2text.eval.internal.defence.DefenceReports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code vec2text eval defence}: measures what defences cost a search and keep from an attacker.
 */
@Command(
    name = "defence",
    description =
        "Measures what defences of stored vectors cost a search and keep from an attacker.",
    footer = {
      "",
      "Each defence is measured twice: by NDCG@10 and recall@100 of the collection's queries over",
      "its documents, and by what is recovered of sentences of the same documents, stored in the",
      "same way. One attacker knows of no defence; the other knows it, but not its key, and some",
      "pairs of text and stored vector. A third one trains on pairs that it makes of --train-on.",
      "No text is printed or written, only figures."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class DefenceCommand implements Callable<Integer> {
  private final Context context;

  @Mixin private ModelOptions model;
  @Mixin private SearchOptions searching;
  @Mixin private ReportOptions reports;

  @Option(
      names = "--ir",
      paramLabel = "<dir>",
      required = true,
      description =
          "A retrieval collection: corpus.jsonl, queries.jsonl and qrels.tsv, plain or as .xz.")
  private Path collection;

  @Option(
      names = "--defences",
      paramLabel = "<defence>",
      split = ",",
      converter = Parser.class,
      description = Defence.FORMS + ", with commas between. Default: some of each.")
  private List<Defence> defences = List.of();

  @Option(
      names = "--sentences",
      paramLabel = "<n>",
      defaultValue = "50",
      description = "Sentences of 4-16 and of 17-32 tokens to invert. Default: ${DEFAULT-VALUE}.")
  private int sentences;

  @Option(
      names = "--pairs",
      paramLabel = "<n>",
      defaultValue = "4096",
      description = "Pairs known at most, a power of two. Default: ${DEFAULT-VALUE}.")
  private int pairs;

  @Option(
      names = "--train-on",
      paramLabel = "<file>",
      description =
          "Texts, one a line, that a third attacker stores and trains on where that takes no"
              + " secret. Default: there is none.")
  private @Nullable Path ownTexts;

  @Option(
      names = "--train-steps",
      paramLabel = "<n>",
      defaultValue = "4000",
      description = "Steps of 256 pairs of that training, some 40 ms. Default: ${DEFAULT-VALUE}.")
  private int trainingSteps;

  @Option(
      names = "--cache",
      paramLabel = "<dir>",
      description = "Where the collection's vectors are kept. Default: the collection's folder.")
  private @Nullable Path cache;

  DefenceCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    check();
    EngineSettings settings = model.settings(searching.search());
    Inputs inputs =
        model
            .addTo(new Inputs())
            .folder(collection, "{corpus,queries,qrels}.*")
            .folder(cache == null ? collection : cache, "*.npy")
            .file(ownTexts);
    try (Outputs outputs = reports.claim(inputs);
        Engines.Engine engine = context.engines().openInverter(settings)) {
      DefenceOptions options = options(settings, engine.versions());
      DefenceLab lab =
          new DefenceLab(
              engine::inverter, engine.embedder(), new EvalProgress(context.terminal().error()));
      DefenceEvaluation evaluation =
          lab.run(options, soFar -> reports.writeSoFar(DefenceReports.report(soFar), outputs));
      reports.finish(DefenceReports.report(evaluation), outputs, context);
      return ExitStatus.of(evaluation.complete(), evaluation.errors());
    } catch (CancellationException e) {
      return ExitStatus.INTERRUPTED;
    }
  }

  /** Finds out before the models are loaded, and not after hours, what can't work. */
  private void check() throws IOException {
    searching.require(sentences > 0, "--sentences must be at least 1, were " + sentences);
    searching.require(
        pairs > 0 && Integer.bitCount(pairs) == 1, "--pairs must be a power of two, were " + pairs);
    searching.require(trainingSteps > 0, "--train-steps must be at least 1, were " + trainingSteps);
    searching.check();
    DefenceOptions.check(collection);
    if (cache == null && !Files.isWritable(collection)) {
      throw new CliException(
          collection + ": can't be written; say with --cache where its vectors are kept");
    }
    if (ownTexts != null) {
      Problems.requireExists(ownTexts);
    }
  }

  private DefenceOptions options(EngineSettings settings, Map<String, String> versions)
      throws IOException {
    DefenceOptions.Builder builder =
        DefenceOptions.builder(collection).defences(defences).sentences(sentences).pairs(pairs);
    searching.apply(builder, settings, versions, context.cancellation());
    if (ownTexts != null) {
      builder.train(EvaluationSet.read(ownTexts), trainingSteps);
    }
    if (cache != null) {
      builder.cache(cache);
    }
    reports.apply(builder);
    return builder.build();
  }

  /** Reads the name of a defence. */
  static final class Parser implements CommandLine.ITypeConverter<Defence> {
    @Override
    public Defence convert(String name) {
      try {
        return Defence.parse(name);
      } catch (IllegalArgumentException e) {
        throw new CommandLine.TypeConversionException(e.getMessage());
      }
    }
  }
}
