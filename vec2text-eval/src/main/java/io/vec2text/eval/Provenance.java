package io.vec2text.eval;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What made an evaluation, so that it can be made again.
 *
 * @param inverter name of the inverter, its search or model included
 * @param embedder the embedding space
 * @param storage what a store left of the vectors
 * @param data name of the set of texts
 * @param dataSha256 {@link EvaluationSet#sha256} of the very texts that were used
 * @param seed seed of all random choices
 * @param maxEmbeddings embeddings allowed a vector
 * @param timeLimit work allowed a vector, if limited
 * @param threads threads that the models ran on, at least 1
 * @param versions versions of what the figures depend on, by name
 */
public record Provenance(
    String inverter,
    String embedder,
    Storage storage,
    String data,
    String dataSha256,
    long seed,
    int maxEmbeddings,
    Optional<Duration> timeLimit,
    int threads,
    Map<String, String> versions) {

  /** Checks and copies. */
  public Provenance {
    checkArgument(threads > 0, "threads must be at least 1, were %s", threads);
    versions = ImmutableMap.copyOf(versions);
  }
}
