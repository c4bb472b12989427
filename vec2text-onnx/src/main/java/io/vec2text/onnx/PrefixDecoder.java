package io.vec2text.onnx;

import com.google.common.collect.Lists;
import io.vec2text.Cancellation;
import io.vec2text.EmbeddingSpace;
import io.vec2text.Tokenization;
import io.vec2text.internal.CloseGuard;
import io.vec2text.spi.Corrector;
import io.vec2text.spi.Decoding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The baseline of Morris et al. (2023), table 1: a decoder-only language model that reads the
 * target as one vector before the text. It reads no hypothesis: asked for a correction, it guesses
 * anew.
 */
final class PrefixDecoder implements Corrector {
  private static final int MAX_ROWS = 256;

  private final CloseGuard gate = new CloseGuard("the decoder");
  private final EmbeddingSpace space;
  private final Manifest.Inversion manifest;
  private final Tokenization tokenization;
  private final Map<String, Graph> graphs;
  private final Graph first;
  private final StepDecoder decoder;

  private PrefixDecoder(
      EmbeddingSpace space,
      Manifest.Inversion manifest,
      Tokenization tokenization,
      Map<String, Graph> graphs) {
    this.space = space;
    this.manifest = manifest;
    this.tokenization = tokenization;
    this.graphs = graphs;
    this.first = Graph.of("first", graphs);
    this.decoder =
        new StepDecoder(
            Graph.of("step", graphs),
            Graph.of("select", graphs),
            manifest,
            EncoderOutput.MIN_ITEMS);
  }

  /**
   * Loads the model of a package.
   *
   * @param tokenization the embedder's
   * @param threads threads of a run; 0 for one a core
   * @throws io.vec2text.onnx.ModelFormatException if the package holds no such model or it is
   *     damaged
   */
  static PrefixDecoder open(
      ModelPackage model, Tokenization tokenization, Device device, int threads) {
    Map<String, Graph> graphs = Graph.openAll(model, device, threads);
    return new PrefixDecoder(model.space(), model.inversion(), tokenization, graphs);
  }

  @Override
  public EmbeddingSpace space() {
    return space;
  }

  @Override
  public List<List<Candidate>> correct(
      List<Request> requests, Decoding decoding, Cancellation cancellation) {
    return gate.pass(
        () -> {
          List<List<Candidate>> out = new ArrayList<>();
          for (List<Request> part :
              Lists.partition(requests, Math.max(1, MAX_ROWS / decoding.count()))) {
            List<DecodingState> items = new ArrayList<>();
            part.forEach(r -> items.add(DecodingState.of(r, decoding, manifest)));
            if (!cancellation.requested()) {
              List<float[]> targets = Lists.transform(part, Request::target);
              try (EncoderOutput memory =
                  EncoderOutput.first(first, EncoderOutput.atLeastTwo(targets))) {
                decoder.decode(memory, items, cancellation);
              }
            }
            items.forEach(rows -> out.add(DecodingState.candidates(rows, tokenization)));
          }
          return out;
        });
  }

  @Override
  public void close() {
    gate.close(() -> graphs.values().forEach(Graph::close));
  }
}
