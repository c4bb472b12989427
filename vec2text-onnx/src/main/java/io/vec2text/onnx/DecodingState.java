package io.vec2text.onnx;

import io.vec2text.Tokenization;
import io.vec2text.spi.Corrector;
import io.vec2text.spi.Decoding;
import java.util.ArrayList;
import java.util.List;

/** The texts of one item of a batch while they are being written: a row each. */
interface DecodingState {

  /** Which row of the last run each row continues. */
  int[] parents();

  /** The tokens of a row so far. */
  int[] tokens(int row);

  /**
   * Takes a step.
   *
   * @param scores log-probabilities of the k best next words of each row of the run, sorted
   * @param words these words
   * @param first index in the run of this item's first row
   */
  void advance(float[] scores, int[] words, int first, int k);

  /** Whether there is nothing more to write. */
  boolean finished();

  /** What was written, most probable first. */
  List<Written> texts();

  /**
   * The rows of a request to models that write the embedder's own tokens, at their beginning.
   *
   * @param decoding what is asked for; lengths count the special tokens around a text
   */
  static DecodingState of(
      Corrector.Request request, Decoding decoding, Manifest.Inversion manifest) {
    int limit = manifest.range().maxDecode();
    int end = manifest.tokens().sep();
    if (decoding instanceof Decoding.Sample sample) {
      return new SamplingState(sample, request.seed(), limit, end, false);
    }
    Decoding.Beam beam = (Decoding.Beam) decoding;
    int most = beam.maxTokens() == 0 ? limit : Math.min(limit, beam.maxTokens() - 1);
    int least = Math.min(most, Math.max(1, beam.minTokens() - 1));
    return new BeamState(beam.count(), least, most, end);
  }

  /** What was written, as text. */
  static List<Corrector.Candidate> candidates(DecodingState rows, Tokenization tokenization) {
    List<Corrector.Candidate> out = new ArrayList<>();
    for (Written w : rows.texts()) {
      out.add(new Corrector.Candidate(tokenization.decode(w.tokens()), w.logProbability()));
    }
    return out;
  }

  /**
   * A finished text.
   *
   * @param tokens its tokens
   * @param logProbability sum over its tokens and the end
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Written(int[] tokens, double logProbability) {}
}
