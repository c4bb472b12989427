package io.vec2text.testing;

import static java.util.Objects.requireNonNull;

import io.vec2text.Cancellation;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionResult.PredictedWords;
import io.vec2text.InversionResult.WordProbability;
import io.vec2text.Vectors;
import io.vec2text.internal.CloseGuard;
import io.vec2text.spi.Corrector;
import io.vec2text.spi.Decoding;
import io.vec2text.spi.LanguageModel;
import io.vec2text.spi.TokenEditScorer;
import io.vec2text.spi.VectorStatistics;
import io.vec2text.spi.WordPredictor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A corrector for {@link ToyEmbedder} that knows a little: which words a vector is in the direction
 * of. It orders words badly and takes the wrong ones now and then, so that a search has work to do.
 */
public final class ToyCorrector implements Corrector, TokenEditScorer, WordPredictor {
  private static final double SHARPNESS = 12;

  private final ToyEmbedder embedder;
  private final int range;
  private final @Nullable LanguageModel languageModel;
  private final @Nullable VectorStatistics statistics;
  private final CloseGuard gate = new CloseGuard("toy corrector");

  /**
   * An open corrector.
   *
   * @param embedder to take word vectors from; not closed with this
   * @param range tokens of the longest text that it claims to write
   */
  public ToyCorrector(ToyEmbedder embedder, int range) {
    this(embedder, range, null, null);
  }

  /** An open corrector that can tell how likely texts are. */
  public ToyCorrector(ToyEmbedder embedder, LanguageModel languageModel) {
    this(embedder, embedder.space().tokenLimit(), languageModel, null);
  }

  /** An open corrector that knows how vectors are distributed. */
  public ToyCorrector(ToyEmbedder embedder, VectorStatistics statistics) {
    this(embedder, embedder.space().tokenLimit(), null, statistics);
  }

  private ToyCorrector(
      ToyEmbedder embedder,
      int range,
      @Nullable LanguageModel languageModel,
      @Nullable VectorStatistics statistics) {
    this.statistics = statistics;
    this.embedder = embedder;
    this.range = range;
    this.languageModel = languageModel;
  }

  /** An open corrector that claims to write all that the embedder reads. */
  public ToyCorrector(ToyEmbedder embedder) {
    this(embedder, embedder.space().tokenLimit());
  }

  @Override
  public EmbeddingSpace space() {
    return embedder.space();
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
  public Optional<VectorStatistics> vectorStatistics() {
    return Optional.ofNullable(statistics);
  }

  @Override
  public List<List<Candidate>> correct(
      List<Request> requests, Decoding decoding, Cancellation cancellation) {
    return gate.pass(
        () -> {
          List<List<Candidate>> all = new ArrayList<>();
          for (Request r : requests) {
            all.add(cancellation.requested() ? List.of() : correct(r, decoding));
          }
          return all;
        });
  }

  /** The first candidate of a beam is written without noise; all else is drawn at random. */
  private List<Candidate> correct(Request request, Decoding decoding) {
    Random random = new Random(decoding instanceof Decoding.Beam ? 1 : request.seed());
    double temperature = decoding instanceof Decoding.Sample s ? s.temperature() : 0.5;
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < decoding.count(); i++) {
      double noise = decoding instanceof Decoding.Beam && i == 0 ? 0 : temperature;
      int[] tokens = write(request, noise, random);
      double logProbability = 0;
      double[] probable = logProbabilities(request.target());
      for (int t : tokens) {
        logProbability += probable[t];
      }
      candidates.add(
          new Candidate(
              embedder.tokenization().orElseThrow().decode(tokens), Math.min(0, logProbability)));
    }
    candidates.sort(Comparator.comparingDouble(c -> -c.logProbability()));
    return candidates;
  }

  private int[] write(Request request, double noise, Random random) {
    double[] scores = logProbabilities(request.target());
    int[] order = best(scores, noise, random).limit(length(request.target())).toArray();
    if (request.hypothesis() == null) {
      return order;
    }
    int[] old = tokens(request);
    float[] missing = Vectors.subtract(request.target(), request.hypothesis().vector());
    double[] wanted = along(missing);
    if (old.length == 0) {
      return best(wanted, noise, random).limit(1).toArray();
    }
    int weakest =
        IntStream.range(0, old.length)
            .boxed()
            .min(Comparator.comparingDouble(t -> wanted[old[t]] + noise * gumbel(random)))
            .orElseThrow();
    int[] changed = old.clone();
    changed[weakest] = best(wanted, noise, random).findFirst().orElseThrow();
    return changed;
  }

  private static double gumbel(Random random) {
    return -Math.log(-Math.log(random.nextDouble() + 1e-12));
  }

  private static IntStream best(double[] scores, double noise, Random random) {
    double[] noisy = new double[scores.length];
    for (int i = 1; i < noisy.length; i++) {
      noisy[i] = scores[i] + (noise == 0 ? 0 : noise * gumbel(random));
    }
    return IntStream.range(1, noisy.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -noisy[i]))
        .mapToInt(i -> i);
  }

  private int[] tokens(Request request) {
    return embedder
        .tokenization()
        .orElseThrow()
        .encode(List.of(requireNonNull(request.hypothesis()).text()))
        .get(0);
  }

  private double[] along(float[] vector) {
    double[] scores = new double[ToyEmbedder.vocabulary().size()];
    for (int w = 0; w < scores.length; w++) {
      scores[w] =
          SHARPNESS * Vectors.dot(vector, embedder.word(w)) / Vectors.norm(embedder.word(w));
    }
    return scores;
  }

  private double[] logProbabilities(float[] vector) {
    double[] scores = along(vector);
    double sum = 0;
    for (double s : scores) {
      sum += Math.exp(s);
    }
    for (int w = 0; w < scores.length; w++) {
      scores[w] -= Math.log(sum);
    }
    return scores;
  }

  /** The more words, the less of each in the vector. */
  private int length(float[] vector) {
    double[] scores = along(vector);
    double top = 0;
    for (double s : scores) {
      top = Math.max(top, s / SHARPNESS);
    }
    return (int) Math.max(1, Math.min(12, Math.round(1 / (top * top))));
  }

  @Override
  public List<Edits> edits(List<Request> requests, int substitutions, int insertions) {
    return gate.pass(
        () -> requests.stream().map(r -> edits(r, substitutions, insertions)).toList());
  }

  private Edits edits(Request request, int substitutions, int insertions) {
    int[] tokens = tokens(request);
    double[] wanted =
        along(Vectors.subtract(request.target(), requireNonNull(request.hypothesis()).vector()));
    List<Edit> substitute = new ArrayList<>();
    List<Edit> insert = new ArrayList<>();
    List<Edit> delete = new ArrayList<>();
    for (int t = 0; t <= tokens.length; t++) {
      for (int w = 1; w < wanted.length; w++) {
        insert.add(new Edit(Kind.INSERT, t, w, wanted[w]));
        if (t < tokens.length && w != tokens[t]) {
          substitute.add(new Edit(Kind.SUBSTITUTE, t, w, wanted[w] - wanted[tokens[t]]));
        }
      }
      if (t < tokens.length) {
        delete.add(new Edit(Kind.DELETE, t, 0, -wanted[tokens[t]]));
      }
    }
    List<Edit> all = new ArrayList<>();
    all.addAll(first(substitute, substitutions));
    all.addAll(first(insert, insertions));
    all.addAll(first(delete, tokens.length));
    return new Edits(tokens, all);
  }

  private static List<Edit> first(List<Edit> edits, int n) {
    return edits.stream().sorted(Comparator.comparingDouble(e -> -e.score())).limit(n).toList();
  }

  @Override
  public List<PredictedWords> predict(List<float[]> vectors, int words) {
    return gate.pass(() -> vectors.stream().map(v -> read(v, words)).toList());
  }

  private PredictedWords read(float[] vector, int words) {
    double[] probable = logProbabilities(vector);
    List<WordProbability> best =
        best(probable, 0, new Random(0))
            .limit(words)
            .mapToObj(
                w -> new WordProbability(ToyEmbedder.vocabulary().get(w), Math.exp(probable[w])))
            .toList();
    int tokens = length(vector);
    return new PredictedWords(best, tokens, tokens > range);
  }

  @Override
  public void close() {
    gate.close(() -> {});
  }
}
