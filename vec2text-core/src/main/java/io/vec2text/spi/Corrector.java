package io.vec2text.spi;

import io.vec2text.Cancellation;
import io.vec2text.EmbeddingSpace;
import io.vec2text.Vec2TextException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes better hypotheses: given the target vector, a hypothesis and the hypothesis's own vector,
 * proposes texts whose vectors should lie closer to the target (Morris et al. 2023, "Text
 * Embeddings Reveal (Almost) As Much As Text", section 3). Without a hypothesis it makes the first
 * guess.
 *
 * <p>What a corrector can do besides is asked for by accessors that return an {@link Optional}. A
 * decorator extends {@link ForwardingCorrector}, which keeps them all.
 *
 * <p>Implementations serve many threads at once. {@link #close()} is idempotent and waits for calls
 * in flight; a later call throws {@link IllegalStateException}.
 */
public interface Corrector extends AutoCloseable {

  /** The space that targets and hypotheses' vectors must come from. */
  EmbeddingSpace space();

  /**
   * Proposes texts for a batch of requests. What is proposed for one request does not depend on the
   * others.
   *
   * @return for each request, in order, its candidates, most probable first; fewer than asked for
   *     if the decoding found no more
   * @throws IllegalStateException if this corrector is closed
   * @throws Vec2TextException if the model fails
   */
  List<List<Candidate>> correct(
      List<Request> requests, Decoding decoding, Cancellation cancellation);

  /** Scores single-token edits of hypotheses. Empty by default. */
  default Optional<TokenEditScorer> tokenEditScorer() {
    return Optional.empty();
  }

  /** Predicts words and lengths of texts from their vectors alone. Empty by default. */
  default Optional<WordPredictor> wordPredictor() {
    return Optional.empty();
  }

  /** A language model over the embedder's tokens, used as a fluency prior. Empty by default. */
  default Optional<LanguageModel> languageModel() {
    return Optional.empty();
  }

  /** A linear model of what each token adds to a vector of this space. Empty by default. */
  default Optional<TokenContributions> tokenContributions() {
    return Optional.empty();
  }

  /**
   * The distribution of this space's vectors, by which vectors of other models are detected and
   * truncated ones completed. Empty by default.
   */
  default Optional<VectorStatistics> vectorStatistics() {
    return Optional.empty();
  }

  /** Releases what this corrector holds; by default nothing. */
  @Override
  default void close() {}

  /**
   * One request.
   *
   * @param target vector to approach: of unit length in a normalised space, elsewhere as it was
   *     given
   * @param hypothesis the text to improve, or null for a first guess
   * @param seed seed of the random numbers that {@link Decoding.Sample} draws for this request
   * @param nearby texts that were embedded in search of the target, the closest first, as far as
   *     the search tells; a corrector may learn from them
   */
  @SuppressWarnings("ArrayRecordComponent") // vectors and tokens are arrays; never compared
  record Request(
      float[] target, @Nullable Hypothesis hypothesis, long seed, List<Hypothesis> nearby) {
    /** Copies. */
    public Request {
      nearby = List.copyOf(nearby);
    }

    /** A request for a first guess. */
    public static Request first(float[] target, long seed) {
      return new Request(target, null, seed, List.of());
    }

    /** A request for a correction of the whole hypothesis. */
    public static Request of(float[] target, Hypothesis hypothesis, long seed) {
      return new Request(target, hypothesis, seed, List.of());
    }

    /** Without the text, which may be a secret. */
    @Override
    public String toString() {
      return "Request[hypothesis=" + hypothesis + "]";
    }
  }

  /**
   * A proposed text.
   *
   * @param text the text
   * @param logProbability the natural logarithm of its probability under the model, the end of the
   *     text included
   * @param tokens what it was written as, in the corrector's own tokens, the end included if it was
   *     reached; empty if they are not known
   */
  record Candidate(String text, double logProbability, List<Integer> tokens) {
    /** Copies. */
    public Candidate {
      tokens = List.copyOf(tokens);
    }

    /** A text without its tokens. */
    public Candidate(String text, double logProbability) {
      this(text, logProbability, List.of());
    }

    /** Without the text, which may be a secret. */
    @Override
    public String toString() {
      return "Candidate[" + text.length() + " characters, logProbability=" + logProbability + "]";
    }
  }
}
