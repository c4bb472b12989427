package io.vec2text.onnx;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.Lists;
import com.google.common.primitives.Ints;
import io.vec2text.Cancellation;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionResult.PredictedWords;
import io.vec2text.Tokenization;
import io.vec2text.internal.CloseGuard;
import io.vec2text.spi.Corrector;
import io.vec2text.spi.Decoding;
import io.vec2text.spi.Hypothesis;
import io.vec2text.spi.LanguageModel;
import io.vec2text.spi.TokenContributions;
import io.vec2text.spi.TokenEditScorer;
import io.vec2text.spi.VectorStatistics;
import io.vec2text.spi.WordPredictor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The small encoder-decoder of a model package: first guesses, corrections, edit scores and the bag
 * of words, all from the same weights.
 *
 * <p>Requests are grouped by the length of their hypothesis and nothing is padded, so the answer to
 * one does not depend on the others.
 */
public final class OnnxCorrector implements Corrector, TokenEditScorer, WordPredictor {
  /** Rows that one decoder step takes at most: a step then lasts well under half a second. */
  private static final int MAX_ROWS = 256;

  /** Requests that a run takes at most: each has a matrix of 3 MB, of which a run makes several. */
  private static final int MAX_ITEMS = 8;

  private final CloseGuard gate = new CloseGuard("the corrector");
  private final EmbeddingSpace space;
  private final Manifest.Inversion manifest;
  private final Tokenization tokenization;
  private final Map<String, Graph> graphs;
  private final StepDecoder decoder;
  private final EditScorer editScorer;
  private final BagReader bagReader;
  private final @Nullable LanguageModel languageModel;
  private final @Nullable TokenContributions tokenContributions;
  private final @Nullable VectorStatistics vectorStatistics;

  private OnnxCorrector(
      EmbeddingSpace space,
      Manifest.Inversion manifest,
      Tokenization tokenization,
      Map<String, Graph> graphs,
      @Nullable LanguageModel languageModel,
      @Nullable TokenContributions tokenContributions,
      @Nullable VectorStatistics vectorStatistics) {
    this.vectorStatistics = vectorStatistics;
    this.languageModel = languageModel;
    this.tokenContributions = tokenContributions;
    this.space = space;
    this.manifest = manifest;
    this.tokenization = tokenization;
    this.graphs = graphs;
    this.decoder =
        new StepDecoder(graph("step"), graph("select"), manifest, EncoderOutput.MIN_ITEMS);
    this.editScorer = new EditScorer(graph("bag"), graph("edits"), manifest.tokens());
    this.bagReader = new BagReader(graph("bag"), manifest, tokenization);
  }

  /**
   * Loads the models of a package.
   *
   * @param tokenization the embedder's
   * @param threads threads of a run; 0 for one a core
   * @throws io.vec2text.onnx.ModelFormatException if the package holds no such models or they are
   *     damaged
   */
  static OnnxCorrector open(
      ModelPackage model, Tokenization tokenization, Device device, int threads) {
    Manifest.Inversion inversion = model.inversion();
    String trigrams = inversion.trigrams();
    int vocabulary = inversion.tokens().vocabulary();
    LanguageModel languageModel =
        trigrams == null ? null : Trigrams.read(model.file(trigrams), vocabulary);
    String words = inversion.tokenContributions();
    TokenContributions tokenContributions =
        words == null
            ? null
            : WordTable.read(model.file(words), vocabulary, model.space().dimension());
    return new OnnxCorrector(
        model.space(),
        inversion,
        tokenization,
        Graph.openAll(model, device, threads),
        languageModel,
        tokenContributions,
        model.vectorStatistics());
  }

  private Graph graph(String role) {
    return Graph.of(role, graphs);
  }

  @Override
  public EmbeddingSpace space() {
    return space;
  }

  @Override
  public Optional<TokenEditScorer> tokenEditScorer() {
    return Optional.of(this);
  }

  @Override
  public Optional<WordPredictor> wordPredictor() {
    return Optional.of(this);
  }

  @Override
  public Optional<LanguageModel> languageModel() {
    return Optional.ofNullable(languageModel);
  }

  @Override
  public Optional<TokenContributions> tokenContributions() {
    return Optional.ofNullable(tokenContributions);
  }

  @Override
  public Optional<VectorStatistics> vectorStatistics() {
    return Optional.ofNullable(vectorStatistics);
  }

  @Override
  public List<List<Candidate>> correct(
      List<Request> requests, Decoding decoding, Cancellation cancellation) {
    return gate.pass(
        () -> {
          List<List<Candidate>> out = new ArrayList<>();
          requests.forEach(r -> out.add(List.of()));
          forEachGroup(
              requests,
              Math.max(1, Math.min(MAX_ITEMS, MAX_ROWS / decoding.count())),
              (indices, tokens) -> {
                if (cancellation.requested()) {
                  return;
                }
                List<Request> group = Lists.transform(indices, requests::get);
                List<DecodingState> items =
                    group.stream().map(r -> DecodingState.of(r, decoding, manifest)).toList();
                try (EncoderOutput memory = memory(group, tokens)) {
                  decoder.decode(memory, items, cancellation);
                }
                for (int i = 0; i < items.size(); i++) {
                  out.set(indices.get(i), DecodingState.candidates(items.get(i), tokenization));
                }
              });
          return out;
        });
  }

  private EncoderOutput memory(List<Request> given, List<int[]> givenTokens) {
    List<Request> group = EncoderOutput.atLeastTwo(given);
    List<int[]> tokens =
        givenTokens.isEmpty() ? givenTokens : EncoderOutput.atLeastTwo(givenTokens);
    List<float[]> targets = Lists.transform(group, Request::target);
    if (tokens.isEmpty()) {
      return EncoderOutput.first(graph("bag"), graph("first"), targets);
    }
    List<float[]> vectors = Lists.transform(group, r -> hypothesis(r).vector());
    return EncoderOutput.correct(
        graph("bag"),
        graph("correct"),
        targets,
        vectors,
        Lists.transform(tokens, t -> Ints.concat(t, new int[] {manifest.tokens().sep()})));
  }

  private static Hypothesis hypothesis(Request request) {
    @Nullable Hypothesis h = request.hypothesis();
    checkArgument(h != null, "the request carries no hypothesis");
    return h;
  }

  private interface Group {
    /**
     * Handles some requests.
     *
     * @param indices which requests
     * @param tokens their hypotheses' tokens, all equally many; empty if they have no hypothesis
     */
    void accept(List<Integer> indices, List<int[]> tokens);
  }

  private void forEachGroup(List<Request> requests, int size, Group group) {
    List<Integer> guesses = new ArrayList<>();
    List<Integer> corrections = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      (requests.get(i).hypothesis() == null ? guesses : corrections).add(i);
    }
    for (List<Integer> part : Lists.partition(guesses, size)) {
      group.accept(part, List.of());
    }
    if (corrections.isEmpty()) {
      return;
    }
    List<int[]> tokens = tokens(Lists.transform(corrections, i -> hypothesis(requests.get(i))));
    Map<Integer, List<Integer>> byLength = new TreeMap<>();
    for (int i = 0; i < corrections.size(); i++) {
      byLength.computeIfAbsent(tokens.get(i).length, n -> new ArrayList<>()).add(i);
    }
    for (List<Integer> same : byLength.values()) {
      for (List<Integer> part : Lists.partition(same, size)) {
        group.accept(
            List.copyOf(Lists.transform(part, corrections::get)),
            List.copyOf(Lists.transform(part, tokens::get)));
      }
    }
  }

  private List<int[]> tokens(List<Hypothesis> hypotheses) {
    int limit = manifest.range().maxDecode();
    List<int[]> out = new ArrayList<>();
    for (int[] t : tokenization.encode(Lists.transform(hypotheses, Hypothesis::text))) {
      out.add(t.length > limit ? Arrays.copyOf(t, limit) : t);
    }
    return out;
  }

  @Override
  public List<Edits> edits(List<Request> requests, int substitutions, int insertions) {
    return gate.pass(
        () -> {
          @Nullable Edits[] out = new Edits[requests.size()];
          forEachGroup(
              requests,
              MAX_ITEMS,
              (indices, tokens) -> {
                List<Request> group = Lists.transform(indices, requests::get);
                List<Edits> found = edits(group, tokens, substitutions, insertions);
                for (int i = 0; i < indices.size(); i++) {
                  out[indices.get(i)] = found.get(i);
                }
              });
          List<Edits> result = new ArrayList<>();
          for (@Nullable Edits e : out) {
            checkArgument(e != null, "a request carries no hypothesis");
            result.add(e);
          }
          return result;
        });
  }

  private List<Edits> edits(
      List<Request> given, List<int[]> givenTokens, int substitutions, int insertions) {
    checkArgument(!givenTokens.isEmpty(), "a request carries no hypothesis");
    List<Request> group = EncoderOutput.atLeastTwo(given);
    List<int[]> tokens = EncoderOutput.atLeastTwo(givenTokens);
    List<float[]> vectors = Lists.transform(group, r -> hypothesis(r).vector());
    try (EncoderOutput memory = memory(group, tokens)) {
      return editScorer.score(memory, vectors, tokens, substitutions, insertions);
    }
  }

  @Override
  public List<PredictedWords> predict(List<float[]> vectors, int words) {
    checkArgument(words >= 0, "words must be at least 0, was %s", words);
    return gate.pass(() -> bagReader.read(vectors, words));
  }

  @Override
  public void close() {
    gate.close(() -> graphs.values().forEach(Graph::close));
  }
}
