package io.vec2text.onnx;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableIntArray;
import io.vec2text.Tokenization;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The tokens of a T5 as published vec2text turns them to text: special ones are left out and, where
 * the tokenizer's configuration asks for it, the spaces that English does not have are dropped.
 */
final class T5Tokenization implements Tokenization, AutoCloseable {
  /**
   * What the transformers library does under {@code clean_up_tokenization_spaces}, in its order.
   */
  private static final ImmutableMap<String, String> CLEAN_UP = cleanUp();

  private final HfTokenization tokenizer;
  private final Manifest.Text text;

  private T5Tokenization(HfTokenization tokenizer, Manifest.Text text) {
    this.tokenizer = tokenizer;
    this.text = text;
  }

  private static ImmutableMap<String, String> cleanUp() {
    ImmutableMap.Builder<String, String> rules = ImmutableMap.builder();
    for (String mark : Splitter.on('|').split(".|?|!|,")) {
      rules.put(" " + mark, mark);
    }
    rules.put(" ' ", "'");
    for (String contracted : Splitter.on('|').split("n't|'m|'s|'ve|'re")) {
      rules.put(" " + contracted, contracted);
    }
    return rules.buildOrThrow();
  }

  /**
   * Opens the tokenizer of a package.
   *
   * @throws io.vec2text.onnx.ModelFormatException if it is not the one that the models were trained
   *     with
   */
  static T5Tokenization open(ModelPackage model, Manifest.Inversion inversion, Manifest.Text text) {
    HfTokenization tokenizer = HfTokenization.open(model.file(text.tokenizer()));
    try {
      tokenizer.check(ImmutableIntArray.of(), inversion.tokens());
      return new T5Tokenization(tokenizer, text);
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  @Override
  public List<int[]> encode(List<String> texts) {
    return tokenizer.encode(texts);
  }

  @Override
  public String decode(int[] tokens) {
    String decoded =
        tokenizer.decode(Arrays.stream(tokens).filter(t -> !text.skipped().contains(t)).toArray());
    if (!text.cleanUpSpaces()) {
      return decoded;
    }
    for (Map.Entry<String, String> rule : CLEAN_UP.entrySet()) {
      decoded = decoded.replace(rule.getKey(), rule.getValue());
    }
    return decoded;
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
