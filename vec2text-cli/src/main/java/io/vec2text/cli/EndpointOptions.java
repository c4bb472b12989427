package io.vec2text.cli;

import io.vec2text.Cancellation;
import io.vec2text.EmbeddingSpace;
import io.vec2text.openai.OpenAiEmbedder;
import io.vec2text.openai.OpenAiEmbedderBuilder;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The options of an embedder behind an OpenAI-compatible endpoint. No package names one: guesses,
 * which converge on the secret, go only where the user says.
 */
final class EndpointOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--endpoint",
      paramLabel = "<url>",
      description =
          "Embed by an OpenAI-compatible server, for example http://127.0.0.1:8080/v1. Whoever runs"
              + " it reads every guess.")
  private @Nullable String url;

  @Option(
      names = "--endpoint-model",
      paramLabel = "<name>",
      description = "The model's name at the endpoint. Default: that of the space.")
  private @Nullable String model;

  @Option(
      names = "--endpoint-key",
      paramLabel = "<VARIABLE>",
      description = "Environment variable that holds the endpoint's key. Default: no key.")
  private @Nullable String keyVariable;

  @Option(
      names = "--price",
      paramLabel = "<money>",
      defaultValue = "0",
      description = "What the endpoint costs for a million tokens. Default: nothing.")
  private double price;

  @Option(
      names = "--spending-cap",
      paramLabel = "<money>",
      description = "What the endpoint may cost in all, in the currency of --price.")
  private @Nullable Double cap;

  @Option(
      names = "--endpoint-cache",
      paramLabel = "<dir>",
      description = "Keep the endpoint's vectors there, and pay for none twice. Default: nowhere.")
  private @Nullable Path cache;

  /** What was chosen; empty without an endpoint. */
  Optional<EndpointSettings> settings() {
    if (url == null) {
      return Optional.empty();
    }
    Problems.require(spec, price == 0 || cap != null, "--price needs --spending-cap=<money>");
    return Optional.of(
        new EndpointSettings(
            url,
            Optional.ofNullable(model),
            Optional.ofNullable(keyVariable),
            price,
            cap == null ? 0 : cap,
            Optional.ofNullable(cache)));
  }

  /**
   * What the user chose of an endpoint.
   *
   * @param url its base
   * @param model the model's name there; empty for the space's
   * @param keyVariable environment variable with its key; empty for no key
   * @param price of a million tokens
   * @param cap what it may cost in all
   * @param cache folder of vectors; empty for none
   */
  record EndpointSettings(
      String url,
      Optional<String> model,
      Optional<String> keyVariable,
      double price,
      double cap,
      Optional<Path> cache) {

    /** Opens the embedder of a space. */
    OpenAiEmbedder open(EmbeddingSpace space, Cancellation cancellation) {
      OpenAiEmbedderBuilder builder =
          OpenAiEmbedder.builder(space)
              .baseUrl(url)
              .pricePerMillionTokens(price)
              .spendingCap(cap)
              .cancellation(cancellation);
      model.ifPresent(builder::model);
      keyVariable.ifPresentOrElse(builder::keyVariable, builder::withoutKey);
      cache.ifPresentOrElse(builder::cache, builder::withoutCache);
      return builder.open();
    }
  }
}
