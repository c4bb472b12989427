package io.vec2text.onnx;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableIntArray;
import io.vec2text.EmbeddingSpace;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code manifest.json} says of a model package.
 *
 * @param name name of the package
 * @param space the embedding space that the package is for
 * @param embedder the embedder of that space, if the package has one
 * @param files every file of the package by name, the manifest itself excepted
 * @param inversion the graphs that turn vectors into text, if the package has any
 * @param bridge the bridge to the space of another package, if this one has none of its own
 * @param training where the weights come from, free-form
 * @param licence licence of the weights
 */
record Manifest(
    String name,
    EmbeddingSpace space,
    @Nullable Embedder embedder,
    ImmutableMap<String, File> files,
    @Nullable Inversion inversion,
    @Nullable Bridge bridge,
    Map<String, Object> training,
    String licence) {

  /** The file name of every manifest. */
  static final String FILE = "manifest.json";

  /** The version of the format that this code reads. */
  static final int FORMAT = 1;

  /** Largest manifest that is read, in bytes. */
  static final int MAX_BYTES = 1 << 20;

  /** Whether the package can turn vectors into text. */
  boolean canInvert() {
    return inversion != null || bridge != null;
  }

  /** The file of how the vectors of the space are distributed, if there is one. */
  @Nullable String vectorStatistics() {
    if (bridge != null) {
      return bridge.vectorStatistics();
    }
    return inversion == null ? null : inversion.vectorStatistics();
  }

  /**
   * The bytes of a manifest.
   *
   * @param source where they come from, for messages
   * @throws ModelFormatException if there are more than {@link #MAX_BYTES}
   */
  static byte[] readBytes(InputStream in, String source) throws IOException {
    byte[] json = in.readNBytes(MAX_BYTES + 1);
    if (json.length > MAX_BYTES) {
      throw new ModelFormatException(
          source + " is too large, expected at most " + MAX_BYTES + " bytes");
    }
    return json;
  }

  /**
   * Reads a manifest.
   *
   * @param json the bytes of the file
   * @param source where they come from, for messages
   * @throws ModelFormatException naming the field, what was found and what was expected
   */
  static Manifest read(byte[] json, String source) {
    return ManifestReader.read(json, source);
  }

  /**
   * The embedder.
   *
   * @param graph file of the graph
   * @param tokenizer file of the tokenizer, in the format of Hugging Face's tokenizers
   * @param inputs names of the graph's inputs
   * @param output name of the output with the states of all tokens, float32 [texts, tokens,
   *     dimension]
   * @param dynamicallyQuantized whether the graph rounds a run's numbers by their largest, so that
   *     a text's vector is its own only in a run of its own; false where the manifest says nothing
   */
  record Embedder(
      String graph,
      String tokenizer,
      ImmutableList<String> inputs,
      String output,
      boolean dynamicallyQuantized) {}

  /**
   * A file.
   *
   * @param sha256 its SHA-256, 64 lower-case hexadecimal digits
   * @param bytes its size
   * @param onClassPath whether it is not in the package, but a resource at the root of some other
   *     jar
   */
  record File(String sha256, long bytes, boolean onClassPath) {}

  /**
   * What turns vectors into text.
   *
   * @param kind which models these are
   * @param graphs the graphs by role
   * @param tokens special token ids and the size of the vocabulary
   * @param range lengths that the models were trained for
   * @param lengthClasses upper ends of the length classes of the bag's length distribution; empty
   *     where there is no bag
   * @param decoder shape of the decoder's caches
   * @param text how the decoder's ids become text, where that is not the embedder's business: of a
   *     converted checkpoint, and where the embedder has other tokens
   * @param trigrams file of the language model, if there is one
   * @param tokenContributions file of what words add to a vector, if there is one
   * @param vectorStatistics file of how the vectors are distributed, if there is one
   */
  record Inversion(
      Kind kind,
      ImmutableMap<String, Graph> graphs,
      Tokens tokens,
      Range range,
      ImmutableIntArray lengthClasses,
      Decoder decoder,
      @Nullable Text text,
      @Nullable String trigrams,
      @Nullable String tokenContributions,
      @Nullable String vectorStatistics) {

    /**
     * The graph of a role.
     *
     * @throws ModelFormatException if there is none
     */
    Graph graph(String role) {
      Graph graph = graphs.get(role);
      if (graph == null) {
        throw new ModelFormatException(
            FILE + " has no graph " + role + "; its graphs are " + graphs.keySet());
      }
      return graph;
    }
  }

  /**
   * What lets the models of another package, found on the class path, turn this space's vectors
   * into text.
   *
   * @param base the embedding model of that package
   * @param graph SHA-256 of the graph of its embedder
   * @param map file of the map into its space
   * @param tokenContributions file of what words add to a vector of this space
   * @param vectorStatistics file of how the vectors of this space are distributed
   */
  record Bridge(
      String base, String graph, String map, String tokenContributions, String vectorStatistics) {
    /** What a manifest calls packages of this kind. */
    static final String LABEL = "vec2text-bridge";
  }

  /** The models of a package. */
  enum Kind {
    /** The project's own: one small encoder-decoder with a bag of words. */
    SMALL("vec2text-small", "bag", "first", "correct", "select", "step", "edits"),
    /** A published vec2text checkpoint, converted: a T5 inverter and a T5 corrector. */
    T5("vec2text-t5", "first", "first_step", "correct", "correct_step", "select"),
    /** A decoder that is conditioned by one vector before the text. */
    PREFIX("vec2text-prefix", "first", "select", "step");

    private final String label;
    private final ImmutableList<String> roles;

    Kind(String label, String... roles) {
      this.label = label;
      this.roles = ImmutableList.copyOf(roles);
    }

    /** The roles that graphs have. */
    ImmutableList<String> roles() {
      return roles;
    }

    /** What a manifest calls it. */
    String label() {
      return label;
    }
  }

  /**
   * How ids become text.
   *
   * @param tokenizer file of the tokenizer
   * @param skipped ids that a text leaves out
   * @param cleanUpSpaces whether the space before punctuation and English contractions is dropped
   */
  record Text(String tokenizer, ImmutableIntArray skipped, boolean cleanUpSpaces) {}

  /**
   * A graph.
   *
   * @param file its file
   * @param inputs its inputs by name
   * @param outputs its outputs by name
   */
  record Graph(
      String file, ImmutableMap<String, Tensor> inputs, ImmutableMap<String, Tensor> outputs) {}

  /**
   * Type and shape of a tensor.
   *
   * @param type for example {@code float32} or {@code int64}
   * @param shape sizes; what is not a number names a dimension that varies
   */
  record Tensor(String type, ImmutableList<String> shape) {

    /** Whether a tensor of this specification may be of that type and shape. */
    boolean accepts(Tensor other) {
      if (!type.equals(other.type) || shape.size() != other.shape.size()) {
        return false;
      }
      for (int i = 0; i < shape.size(); i++) {
        String size = shape.get(i);
        String found = other.shape.get(i);
        if (isNumber(size) && isNumber(found) && !size.equals(found)) {
          return false;
        }
      }
      return true;
    }

    private static boolean isNumber(String size) {
      return Character.isDigit(size.charAt(0));
    }

    /** For example {@code float32 [batch, 384]}. */
    @Override
    public String toString() {
      return type + " " + shape;
    }
  }

  /**
   * Token ids.
   *
   * @param cls id of the token before each text
   * @param sep id of the token after each text
   * @param pad id of the token that fills up
   * @param firstWord the first id that is not special
   * @param vocabulary number of ids
   */
  record Tokens(int cls, int sep, int pad, int firstWord, int vocabulary) {}

  /**
   * Lengths in tokens, special ones not counted.
   *
   * @param minTokens of the shortest text that the models were trained for
   * @param maxTokens of the longest
   * @param maxDecode of the longest that is written
   */
  record Range(int minTokens, int maxTokens, int maxDecode) {}

  /**
   * The shape of the decoder's caches, each [rows, heads, tokens, headWidth].
   *
   * @param layers number of layers
   * @param heads attention heads of a layer
   * @param headWidth components of a head
   */
  record Decoder(int layers, int heads, int headWidth) {}
}
