package io.vec2text.onnx;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.hash.Hashing;
import io.vec2text.EmbeddingSpace;
import io.vec2text.bridge.BridgeFit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Map;

/** Writes the package of a bridge. docs/model-packages.md has the format. */
final class BridgeWriter {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MAP = "map.bin";
  private static final String WORDS = "words.bin";
  private static final String STATISTICS = "statistics.bin";

  private final EmbedderFiles embedder;
  private final ModelPackage base;
  private final BridgeFit fit;

  BridgeWriter(EmbedderFiles embedder, ModelPackage base, BridgeFit fit) {
    this.embedder = embedder;
    this.base = base;
    this.fit = fit;
  }

  /** Writes the package; the directory appears when it is whole. */
  void write(Path directory) throws IOException {
    Path absolute = directory.toAbsolutePath();
    Path folder =
        Files.createTempDirectory(absolute.getParent(), "." + absolute.getFileName() + ".");
    try {
      ObjectNode manifest = manifest();
      ObjectNode files = manifest.putObject("files");
      embedder
          .files()
          .forEach(
              (name, file) -> add(files, name, file.sha256(), file.bytes(), file.onClassPath()));
      for (Map.Entry<String, Path> copy : embedder.copied().entrySet()) {
        Files.copy(copy.getValue(), folder.resolve(copy.getKey()));
      }
      add(files, folder, MAP, MapFile.write(fit.map()));
      add(files, folder, WORDS, WordTable.write(fit.contributions()));
      add(files, folder, STATISTICS, StatisticsFile.write(fit.statistics()));
      Files.writeString(
          folder.resolve(Manifest.FILE),
          JSON.writerWithDefaultPrettyPrinter().writeValueAsString(manifest) + "\n",
          StandardCharsets.UTF_8);
      Files.move(folder, absolute, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      ProcessFolder.deleteRecursively(folder);
    }
  }

  private ObjectNode manifest() {
    EmbeddingSpace space = embedder.space();
    ObjectNode manifest = JSON.createObjectNode();
    manifest.put("format", Manifest.FORMAT);
    manifest.put("name", space.modelId().substring(space.modelId().lastIndexOf('/') + 1));
    manifest
        .putObject("space")
        .put("modelId", space.modelId())
        .put("variant", space.variant())
        .put("dimension", space.dimension())
        .put("pooling", space.pooling().name().toLowerCase(Locale.ROOT))
        .put("normalized", space.normalized())
        .put("prefix", space.prefix())
        .put("tokenLimit", space.tokenLimit());
    Manifest.Embedder described = embedder.embedder();
    if (described != null) {
      ObjectNode node = manifest.putObject("embedder");
      node.put("graph", described.graph()).put("tokenizer", described.tokenizer());
      ArrayNode inputs = node.putArray("inputs");
      described.inputs().forEach(inputs::add);
      node.put("output", described.output());
      node.put("dynamicallyQuantized", described.dynamicallyQuantized());
    }
    manifest
        .putObject("bridge")
        .put("base", base.name())
        .put("graph", base.embedderSha256())
        .put("map", MAP)
        .put("wordVectors", WORDS)
        .put("vectorStatistics", STATISTICS);
    manifest
        .putObject("training")
        .put("pairs", fit.pairs())
        .put("cosine", rounded(fit.cosine()))
        .put("explained", rounded(fit.explained()));
    return manifest.put("licence", "as the calibration texts");
  }

  private static double rounded(double x) {
    return Math.round(1e4 * x) / 1e4;
  }

  private static void add(ObjectNode files, Path folder, String name, byte[] bytes)
      throws IOException {
    Files.write(folder.resolve(name), bytes);
    add(files, name, Hashing.sha256().hashBytes(bytes).toString(), bytes.length, false);
  }

  private static void add(
      ObjectNode files, String name, String sha256, long bytes, boolean onClassPath) {
    files
        .putObject(name)
        .put("sha256", sha256)
        .put("bytes", bytes)
        .put("source", onClassPath ? "classpath" : "package");
  }
}
