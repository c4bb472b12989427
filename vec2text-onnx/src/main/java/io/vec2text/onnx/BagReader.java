package io.vec2text.onnx;

import ai.onnxruntime.OnnxTensor;
import com.google.common.collect.Lists;
import com.google.common.primitives.ImmutableIntArray;
import io.vec2text.InversionResult.PredictedWords;
import io.vec2text.InversionResult.WordProbability;
import io.vec2text.Tokenization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads words and length of a text off its vector. */
final class BagReader {
  /**
   * The probability of being too long from which a text counts as such. On dev this finds 80, 95
   * and 100 % of passages of 64, 128 and 254 tokens, at the price of 6 % of sentences of 17-32.
   */
  private static final double BEYOND = 0.3;

  private static final int MAX_ROWS = 256;

  private final Graph bag;
  private final Manifest.Inversion manifest;
  private final Tokenization tokenization;

  BagReader(Graph bag, Manifest.Inversion manifest, Tokenization tokenization) {
    this.bag = bag;
    this.manifest = manifest;
    this.tokenization = tokenization;
  }

  /** The most probable words of each text, and how long it is. */
  List<PredictedWords> read(List<float[]> vectors, int words) {
    List<PredictedWords> out = new ArrayList<>();
    for (List<float[]> part : Lists.partition(vectors, MAX_ROWS)) {
      try (OnnxTensor vector = Tensors.floats(part);
          Graph.Result result = bag.run(Map.of("vector", vector))) {
        float[] lengths = result.floats("lengths");
        float[] probabilities = result.floats("probabilities");
        long[] ids = result.longs("words");
        int per = ids.length / part.size();
        for (int i = 0; i < part.size(); i++) {
          out.add(contents(lengths, probabilities, ids, i, Math.min(words, per), per));
        }
      }
    }
    return out;
  }

  private PredictedWords contents(
      float[] lengths, float[] probabilities, long[] ids, int row, int words, int per) {
    ImmutableIntArray classes = manifest.lengthClasses();
    int width = classes.length();
    int firstBeyond = 0;
    while (firstBeyond < width && classes.get(firstBeyond) <= manifest.range().maxTokens()) {
      firstBeyond++;
    }
    double within = 0;
    for (int c = 0; c < firstBeyond; c++) {
      within += lengths[row * width + c];
    }
    boolean tooLong = 1 - within >= BEYOND;
    // The median of the distribution; of a text that counts as too long, of its part beyond.
    int c = tooLong ? firstBeyond : 0;
    double half = tooLong ? (1 - within) / 2 : 0.5;
    double sum = lengths[row * width + c];
    while (c < width - 1 && sum < half) {
      sum += lengths[row * width + ++c];
    }
    int high = classes.get(c);
    int low = c == 0 ? high : classes.get(c - 1) + 1;
    List<WordProbability> list = new ArrayList<>();
    for (int j = 0; j < words; j++) {
      int at = row * per + j;
      list.add(new WordProbability(tokenization.name((int) ids[at]), probabilities[at]));
    }
    return new PredictedWords(list, (low + high) / 2, tooLong);
  }
}
