package io.vec2text.onnx;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import ai.onnxruntime.OnnxTensor;
import com.google.common.collect.Lists;
import com.google.common.primitives.Ints;
import io.vec2text.Cancellation;
import io.vec2text.EmbeddingSpace;
import io.vec2text.internal.CloseGuard;
import io.vec2text.spi.Corrector;
import io.vec2text.spi.Decoding;
import io.vec2text.spi.Hypothesis;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A published vec2text checkpoint, converted: a T5 that makes first guesses and another that makes
 * corrections (Morris et al. 2023). Beams are those of {@link PublishedBeamState}. It is no {@link
 * io.vec2text.spi.TokenEditScorer} and no {@link io.vec2text.spi.WordPredictor}.
 *
 * <p>Hypotheses of a batch are filled up to the longest, which changes nothing but rounding.
 */
final class T5Corrector implements Corrector {
  /** Rows that one decoder step takes at most: more are hardly faster a row. */
  private static final int MAX_ROWS = 64;

  private final CloseGuard gate = new CloseGuard("the corrector");
  private final EmbeddingSpace space;
  private final Manifest.Inversion manifest;
  private final T5Tokenization tokenization;
  private final Map<String, Graph> graphs;
  private final StepDecoder guesses;
  private final StepDecoder corrections;

  private T5Corrector(
      EmbeddingSpace space,
      Manifest.Inversion manifest,
      T5Tokenization tokenization,
      Map<String, Graph> graphs) {
    this.space = space;
    this.manifest = manifest;
    this.tokenization = tokenization;
    this.graphs = graphs;
    this.guesses = new StepDecoder(graph("first_step"), graph("select"), manifest, 1);
    this.corrections = new StepDecoder(graph("correct_step"), graph("select"), manifest, 1);
  }

  /**
   * Loads the models of a package.
   *
   * @param threads threads of a run; 0 for one a core
   * @throws io.vec2text.onnx.ModelFormatException if the package holds no such models or they are
   *     damaged
   */
  static T5Corrector open(ModelPackage model, Device device, int threads) {
    Manifest.Inversion inversion = model.inversion();
    T5Tokenization tokenization =
        T5Tokenization.open(model, inversion, requireNonNull(inversion.text(), "text"));
    try {
      Map<String, Graph> graphs = Graph.openAll(model, device, threads);
      return new T5Corrector(model.space(), inversion, tokenization, graphs);
    } catch (RuntimeException e) {
      tokenization.close();
      throw e;
    }
  }

  private Graph graph(String role) {
    return Graph.of(role, graphs);
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
          List<int[]> hypotheses = hypotheses(requests);
          List<List<Candidate>> out = new ArrayList<>();
          requests.forEach(r -> out.add(List.of()));
          for (List<Integer> batch :
              batches(hypotheses, Math.max(1, MAX_ROWS / decoding.count()))) {
            if (!cancellation.requested()) {
              List<DecodingState> items =
                  batch.stream().map(i -> rows(requests.get(i), decoding)).toList();
              write(
                  Lists.transform(batch, requests::get),
                  Lists.transform(batch, hypotheses::get),
                  items,
                  cancellation);
              for (int i = 0; i < items.size(); i++) {
                out.set(batch.get(i), candidates(items.get(i)));
              }
            }
          }
          return out;
        });
  }

  /** What is to be corrected, as the encoder reads it; of no tokens for a first guess. */
  private List<int[]> hypotheses(List<Request> requests) {
    int start = manifest.tokens().cls();
    int end = manifest.tokens().sep();
    int most = manifest.range().maxDecode();
    List<int[]> out = new ArrayList<>();
    for (Request request : requests) {
      Hypothesis h = request.hypothesis();
      if (h == null) {
        out.add(new int[0]);
      } else if (h.tokens().isEmpty()) {
        int[] words = tokenization.encode(List.of(h.text())).get(0);
        words = words.length < most ? words : Arrays.copyOf(words, most - 1);
        out.add(Ints.concat(new int[] {start}, words, new int[] {end}));
      } else {
        out.add(Ints.concat(new int[] {start}, Ints.toArray(h.tokens())));
      }
    }
    return out;
  }

  /** Guesses with guesses, corrections with corrections of about the same length. */
  private static List<List<Integer>> batches(List<int[]> hypotheses, int size) {
    List<Integer> sorted =
        IntStream.range(0, hypotheses.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> hypotheses.get(i).length))
            .toList();
    int guesses = (int) hypotheses.stream().filter(h -> h.length == 0).count();
    List<List<Integer>> batches = new ArrayList<>();
    batches.addAll(Lists.partition(sorted.subList(0, guesses), size));
    batches.addAll(Lists.partition(sorted.subList(guesses, sorted.size()), size));
    return batches;
  }

  private DecodingState rows(Request request, Decoding decoding) {
    boolean guess = request.hypothesis() == null;
    Manifest.Range range = manifest.range();
    int end = manifest.tokens().sep();
    if (decoding instanceof Decoding.Sample sample) {
      int most = Math.min(range.maxDecode(), space.tokenLimit()) - 1;
      return new SamplingState(sample, request.seed(), most, end, true);
    }
    Decoding.Beam beam = (Decoding.Beam) decoding;
    int own = guess ? range.maxTokens() : range.maxDecode();
    int most = beam.maxTokens() == 0 ? own : Math.min(beam.maxTokens(), range.maxDecode());
    return new PublishedBeamState(beam.count(), beam.minTokens(), most, end);
  }

  private void write(
      List<Request> requests,
      List<int[]> hypotheses,
      List<DecodingState> items,
      Cancellation cancellation) {
    boolean guess = hypotheses.get(0).length == 0;
    try (EncoderOutput memory = guess ? first(requests) : correct(requests, hypotheses)) {
      (guess ? guesses : corrections).decode(memory, items, cancellation);
    }
  }

  private EncoderOutput first(List<Request> requests) {
    return EncoderOutput.first(graph("first"), Lists.transform(requests, Request::target));
  }

  private EncoderOutput correct(List<Request> requests, List<int[]> hypotheses) {
    int longest = hypotheses.stream().mapToInt(h -> h.length).max().orElseThrow();
    int pad = manifest.tokens().pad();
    List<int[]> filled = Lists.transform(hypotheses, h -> fill(h, longest, pad));
    List<float[]> own = Lists.transform(requests, T5Corrector::ownVector);
    try (OnnxTensor vector = Tensors.floats(Lists.transform(requests, Request::target));
        OnnxTensor ownVector = Tensors.floats(own);
        OnnxTensor hypothesis = Tensors.tokens(filled)) {
      return EncoderOutput.of(
          graph("correct"),
          Map.of("vector", vector, "hypothesis_vector", ownVector, "hypothesis", hypothesis));
    }
  }

  private static int[] fill(int[] tokens, int length, int pad) {
    int[] filled = Arrays.copyOf(tokens, length);
    Arrays.fill(filled, tokens.length, length, pad);
    return filled;
  }

  private static float[] ownVector(Request request) {
    @Nullable Hypothesis h = request.hypothesis();
    checkArgument(h != null, "the request carries no hypothesis");
    return h.vector();
  }

  private List<Candidate> candidates(DecodingState rows) {
    List<Candidate> out = new ArrayList<>();
    for (DecodingState.Written w : rows.texts()) {
      out.add(
          new Candidate(
              tokenization.decode(w.tokens()), w.logProbability(), Ints.asList(w.tokens())));
    }
    return out;
  }

  @Override
  public void close() {
    gate.close(
        () -> {
          graphs.values().forEach(Graph::close);
          tokenization.close();
        });
  }
}
