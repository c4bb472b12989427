package io.vec2text.onnx;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.Lists;
import com.google.common.hash.Hashing;
import com.google.common.io.Resources;
import io.vec2text.EmbeddingSpace;
import io.vec2text.EmbeddingSpace.Pooling;
import io.vec2text.Vectors;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated // measures what the process holds
class OnnxEmbedderTest {
  private static final long SEED = 20260101;

  private static ModelPackage models;
  private static OnnxEmbedder embedder;

  @TempDir Path folder;

  @BeforeAll
  static void open() {
    models = ModelPackage.onClassPath("all-MiniLM-L6-v2");
    embedder = OnnxEmbedder.open(models, Device.CPU, 0);
  }

  @AfterAll
  static void close() {
    embedder.close();
  }

  private static Path graph() {
    return models.file("all-minilm-l6-v2.onnx");
  }

  private static Path tokenizer() {
    return models.file("all-minilm-l6-v2-tokenizer.json");
  }

  private static EmbeddingSpace space(
      int dimension, Pooling pooling, boolean normalized, String prefix, int tokenLimit) {
    return new EmbeddingSpace("test", "fp32", dimension, pooling, normalized, prefix, tokenLimit);
  }

  private static OnnxEmbedder open(EmbeddingSpace space) {
    return OnnxEmbedder.open(graph(), tokenizer(), space, Device.CPU, 1);
  }

  @Test
  void agreesWithPyTorch() throws IOException {
    List<String> texts = new ArrayList<>(TestTexts.wikipedia().subList(0, 1000));
    texts.addAll(TestTexts.informal());

    float[][] expected = pyTorchVectors(texts);
    float[][] found = embedder.embed(texts);

    assertThat(found).hasNumberOfRows(1000 + TestTexts.informal().size());
    for (int i = 0; i < found.length; i++) {
      assertThat(Vectors.cosine(found[i], expected[i])).as(texts.get(i)).isCloseTo(1, within(1e-6));
      assertThat(Vectors.norm(found[i])).isCloseTo(1, within(1e-6));
    }
  }

  /** Reads what training/tools/embedder_vectors.py wrote. */
  private static float[][] pyTorchVectors(List<String> texts) throws IOException {
    try (DataInputStream in =
        new DataInputStream(
            new BufferedInputStream(
                new GZIPInputStream(
                    Resources.getResource(OnnxEmbedderTest.class, "minilm-vectors.bin.gz")
                        .openStream())))) {
      assertThat(in.readNBytes(32))
          .as("the vectors are of other texts: run training/tools/embedder_vectors.py")
          .isEqualTo(Hashing.sha256().hashString(String.join("\n", texts) + "\n", UTF_8).asBytes());
      float[][] vectors = new float[in.readInt()][in.readInt()];
      for (float[] vector : vectors) {
        float scale = in.readFloat();
        for (int i = 0; i < vector.length; i++) {
          vector[i] = scale * in.readShort();
        }
      }
      return vectors;
    }
  }

  @Test
  void aVectorDoesNotDependOnWhatIsEmbeddedWithIt() {
    List<String> texts = new ArrayList<>(TestTexts.wikipedia().subList(0, 300));
    texts.addAll(TestTexts.informal());
    float[][] together = embedder.embed(texts);

    for (int i = 0; i < texts.size(); i += 3) {
      assertThat(embedder.embed(List.of(texts.get(i)))[0]).as(texts.get(i)).isEqualTo(together[i]);
    }
    Collections.shuffle(texts, new Random(SEED));
    List<String> doubled = Lists.newArrayList(texts);
    doubled.addAll(texts);
    float[][] shuffled = embedder.embed(doubled);
    for (int i = 0; i < texts.size(); i++) {
      assertThat(shuffled[i]).as(texts.get(i)).isEqualTo(shuffled[i + texts.size()]);
    }
  }

  @Test
  void aDynamicallyQuantizedGraphGetsEachTextAlone() throws IOException {
    List<String> texts = TestTexts.wikipedia().subList(0, 100);
    try (OnnxEmbedder declared = OnnxEmbedder.open(quantized(true), Device.CPU, 1);
        OnnxEmbedder silent = OnnxEmbedder.open(quantized(false), Device.CPU, 1)) {
      float[][] together = declared.embed(texts);

      for (int i = 0; i < together.length; i++) {
        assertThat(declared.embed(texts.subList(i, i + 1))[0]).isEqualTo(together[i]);
        assertThat(silent.embed(texts.subList(i, i + 1))[0]).isEqualTo(together[i]);
      }
      assertThat(silent.embed(texts)).as("runs of many texts").isNotEqualTo(together);
      Path graph = folder.resolve("quantized-true/graph.onnx");
      try (OnnxEmbedder detected =
          OnnxEmbedder.open(graph, tokenizer(), declared.space(), Device.CPU, 1)) {
        assertThat(detected.embed(texts)).as("without a manifest").isDeepEqualTo(together);
      }
    }
  }

  /** A package of the graph that training/tools/quantized_embedder.py writes. */
  private ModelPackage quantized(boolean declared) throws IOException {
    Path directory = Files.createDirectory(folder.resolve("quantized-" + declared));
    byte[] graph =
        Resources.toByteArray(
            Resources.getResource(OnnxEmbedderTest.class, "quantized-embedder.onnx"));
    Files.write(directory.resolve("graph.onnx"), graph);
    byte[] tokens = Files.readAllBytes(tokenizer());
    Files.write(directory.resolve("tokenizer.json"), tokens);
    Files.writeString(
        directory.resolve("manifest.json"),
        """
        {"format": 1, "name": "quantized", "licence": "none",
         "space": {"modelId": "quantized", "variant": "int8", "dimension": 8, "pooling": "mean",
           "normalized": true, "prefix": "", "tokenLimit": 64},
         "embedder": {"graph": "graph.onnx", "tokenizer": "tokenizer.json",
           "inputs": ["input_ids"], "output": "last_hidden_state", "dynamicallyQuantized": %b},
         "files": {
           "graph.onnx": {"sha256": "%s", "bytes": %d, "source": "package"},
           "tokenizer.json": {"sha256": "%s", "bytes": %d, "source": "package"}}}
        """
            .formatted(
                declared,
                Hashing.sha256().hashBytes(graph),
                graph.length,
                Hashing.sha256().hashBytes(tokens),
                tokens.length));
    return ModelPackage.open(directory);
  }

  @Test
  void aVectorDoesNotDependOnTheNumberOfThreads() {
    List<String> texts = TestTexts.informal();
    try (OnnxEmbedder one = OnnxEmbedder.open(models, Device.CPU, 1);
        OnnxEmbedder three = OnnxEmbedder.open(models, Device.CPU, 3)) {
      assertThat(one.embed(texts)).isDeepEqualTo(three.embed(texts));
    }
  }

  @Test
  void embedsNothingAndTheEmptyText() {
    assertThat(embedder.embed(List.of())).isEmpty();
    assertThat(embedder.embed(List.of(""))[0])
        .hasSize(384)
        .isEqualTo(embedder.embed(List.of(" "))[0]);
    assertThat(embedder.normalize("")).isEmpty();
  }

  @Test
  void readsNoFurtherThanTheTokenLimit() {
    String longest = "word ".repeat(254).trim();
    String longer = longest + " ignored".repeat(46);

    float[][] vectors = embedder.embed(List.of(longest, longer, longest + " x", "word"));

    assertThat(vectors[1]).isEqualTo(vectors[0]);
    assertThat(vectors[2]).isEqualTo(vectors[0]);
    assertThat(vectors[3]).isNotEqualTo(vectors[0]);
    assertThat(embedder.normalize(longer)).isEqualTo(longest);
    assertThat(embedder.tokenization().orElseThrow().encode(List.of(longer)).get(0)).hasSize(300);
  }

  @Test
  void aTextAndItsNormalFormHaveTheSameVector() {
    List<String> texts = new ArrayList<>(TestTexts.wikipedia().subList(0, 200));
    texts.addAll(TestTexts.informal());
    List<String> normal = Lists.transform(texts, embedder::normalize);

    assertThat(embedder.embed(normal)).isDeepEqualTo(embedder.embed(texts));
    assertThat(Lists.transform(normal, embedder::normalize)).isEqualTo(normal);
  }

  @Test
  void manyThreadsGetTheSameVectors() throws Exception {
    List<String> texts = TestTexts.wikipedia().subList(0, 64);
    float[][] expected = embedder.embed(texts);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<float[][]>> found = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        List<String> some = texts.subList(i * 4, i * 4 + 4);
        found.add(threads.submit(() -> embedder.embed(some)));
      }
      for (int i = 0; i < 16; i++) {
        for (int j = 0; j < 4; j++) {
          assertThat(found.get(i).get()[j]).isEqualTo(expected[i * 4 + j]);
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void poolsAsTheSpaceSays() {
    List<String> texts = TestTexts.informal();
    try (OnnxEmbedder raw = open(space(384, Pooling.MEAN, false, "", 256));
        OnnxEmbedder cls = open(space(384, Pooling.CLS, true, "", 256))) {
      float[][] means = raw.embed(texts);
      float[][] units = embedder.embed(texts);
      float[][] firsts = cls.embed(texts);
      for (int i = 0; i < texts.size(); i++) {
        assertThat(Vectors.norm(means[i])).isGreaterThan(1.5);
        assertThat(Vectors.cosine(means[i], units[i])).isCloseTo(1, within(1e-9));
        assertThat(Vectors.norm(firsts[i])).isCloseTo(1, within(1e-6));
        assertThat(Vectors.cosine(firsts[i], units[i])).isBetween(0.1, 0.999);
      }
    }
  }

  @Test
  void putsThePrefixBeforeEachText() {
    try (OnnxEmbedder prefixed = open(space(384, Pooling.MEAN, true, "query: ", 8))) {
      // 8 tokens: [CLS] query : a b c d [SEP]
      assertThat(prefixed.embed(List.of("A b", "a b c d e f")))
          .isDeepEqualTo(embedder.embed(List.of("query: a b", "query: a b c d")));
      assertThat(prefixed.normalize("A b c d e f")).isEqualTo("a b c d");
      assertThat(prefixed.tokenization().orElseThrow().encode(List.of("a")).get(0))
          .containsExactly(1037);
    }
  }

  @Test
  void refusesWhatDoesNotFitTheSpace() throws IOException {
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> open(space(512, Pooling.MEAN, true, "", 256)))
        .withMessageContaining("output last_hidden_state of graph all-minilm-l6-v2.onnx is float32")
        .withMessageContaining("384], expected float32 [texts, tokens, 512]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> open(EmbeddingSpace.of("test", 384)))
        .withMessageContaining("the pooling of test must be known");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> open(space(384, Pooling.MEAN, true, "query: ", 4)))
        .withMessageContaining("tokenLimit 4 leaves no room");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OnnxEmbedder.open(models, Device.CPU, -1))
        .withMessageContaining("threads must be from 0 to 1024, was -1");

    byte[] square = Resources.toByteArray(Resources.getResource(OrtGraph.class, "probe.onnx"));
    Path other = Files.write(folder.resolve("square.onnx"), square);
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> OnnxEmbedder.open(other, tokenizer(), models.space(), Device.CPU, 1))
        .withMessage(
            "graph square.onnx has the input x, expected only input_ids, attention_mask and"
                + " token_type_ids");
  }

  @Test
  void afterCloseItIsClosed() {
    OnnxEmbedder closed = open(models.space());
    closed.close();
    closed.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> closed.embed(List.of("a")))
        .withMessage("embedder of sentence-transformers/all-MiniLM-L6-v2 is closed");
    assertThatIllegalStateException().isThrownBy(() -> closed.normalize("a"));
    assertThatIllegalStateException()
        .isThrownBy(() -> closed.tokenization().orElseThrow().encode(List.of("a")));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void manyRunsLeaveNothingBehind() throws IOException {
    List<String> texts = TestTexts.wikipedia().subList(0, 8);
    for (int i = 0; i < 50; i++) {
      embedder.embed(texts);
    }
    long memory = residentBytes();
    long files = openFiles();

    for (int i = 0; i < 200; i++) {
      embedder.embed(texts);
    }
    // The token states alone that these runs gave are 60 MB.
    assertThat(residentBytes() - memory).isLessThan(30L << 20);
    open(models.space()).close();
    assertThat(openFiles()).isEqualTo(files);
  }

  private static long residentBytes() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst()
          .orElseThrow();
    }
  }

  private static long openFiles() throws IOException {
    System.gc();
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    }
  }
}
