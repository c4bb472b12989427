package io.vec2text.cli;

import io.vec2text.Cancellation;
import io.vec2text.lm.server.ModelServer;
import io.vec2text.lm.server.ServerOptions;
import io.vec2text.lm.server.ServerStyle;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of a language model behind a server. */
final class ServerFlags {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--endpoint",
      paramLabel = "<url>",
      description = "A server that answers with a language model, such as http://127.0.0.1:8080.")
  private @Nullable String url;

  @Option(
      names = "--style",
      paramLabel = "<style>",
      defaultValue = "auto",
      description =
          "How it wants to be asked: llama.cpp, vllm, openai, or auto, as its list of models says."
              + " Default: auto.")
  private String style;

  @Option(
      names = "--chat",
      description = "Prompts are messages of a user, to which the server puts its template.")
  private boolean chat;

  @Option(
      names = "--endpoint-model",
      paramLabel = "<name>",
      description = "The model's name there. Default: the only one that it lists.")
  private @Nullable String model;

  @Option(
      names = "--endpoint-key",
      paramLabel = "<VARIABLE>",
      description = "Environment variable that holds the key. Default: no key.")
  private @Nullable String keyVariable;

  @Option(
      names = "--tokenizer",
      paramLabel = "<tokenizer.json>",
      description = "The model's tokenizer, for servers that name tokens by their texts.")
  private @Nullable Path tokenizer;

  @Option(
      names = "--vocabulary",
      paramLabel = "<n>",
      description = "Tokens of the model. Default: the tokenizer's, or as the server says.")
  private @Nullable Integer vocabulary;

  @Option(
      names = "--max-calls",
      paramLabel = "<n>",
      defaultValue = "30",
      description = "Requests to the server at most, repeated ones included. Default: 30.")
  private long maxCalls;

  @Option(
      names = "--answers",
      paramLabel = "<file>",
      description =
          "Keep the server's answers there, readable by you alone: a later run with the file asks"
              + " for none of them again.")
  private @Nullable Path answers;

  boolean given() {
    return url != null;
  }

  boolean chat() {
    return chat;
  }

  long maxCalls() {
    return maxCalls;
  }

  /** The file that is read and not written. */
  @Nullable Path tokenizer() {
    return tokenizer;
  }

  /** Opens the server, and says what it will be asked at most. */
  ModelServer open(Outputs outputs, Cancellation cancellation) throws IOException {
    Problems.require(spec, url != null, "expected --endpoint=<url>");
    Problems.require(spec, maxCalls > 0, "--max-calls must be at least 1, was " + maxCalls);
    Problems.require(
        spec,
        vocabulary == null || vocabulary > 1,
        "--vocabulary must be at least 2, was " + vocabulary);
    ServerOptions options =
        ModelServer.at(String.valueOf(url))
            .style(ServerStyle.of(style))
            .chat(chat)
            .maxCalls(maxCalls)
            .cancellation(cancellation);
    if (model != null) {
      options.model(model);
    }
    if (keyVariable != null) {
      options.keyVariable(keyVariable);
    }
    if (tokenizer != null) {
      Problems.requireExists(tokenizer);
      options.tokenizer(tokenizer);
    }
    if (vocabulary != null) {
      options.vocabulary(vocabulary);
    }
    if (answers != null) {
      outputs.claim(answers, true, "");
      options.answers(answers);
    }
    spec.commandLine()
        .getErr()
        .println(Problems.line("asks the server " + maxCalls + " times at most (--max-calls)"));
    return options.open();
  }
}
