package io.vec2text.onnx;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import io.vec2text.EmbeddingSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An embedder whose space is to get a package, with the files that the package refers to or holds.
 *
 * @param space its space
 * @param embedder what the manifest says of it; null if the package is to hold none
 * @param files its files by name
 * @param copied where those lie that the package is to hold
 * @param source the package that it comes from, if it comes from one
 */
record EmbedderFiles(
    EmbeddingSpace space,
    Manifest.@Nullable Embedder embedder,
    ImmutableMap<String, Manifest.File> files,
    ImmutableMap<String, Path> copied,
    @Nullable ModelPackage source) {

  private static final String GRAPH = "embedder.onnx";
  private static final String TOKENIZER = "tokenizer.json";

  static EmbedderFiles none(EmbeddingSpace space) {
    return new EmbedderFiles(space, null, ImmutableMap.of(), ImmutableMap.of(), null);
  }

  static EmbedderFiles of(ModelPackage model) {
    Manifest.Embedder embedder = model.embedder();
    Map<String, Manifest.File> files = new LinkedHashMap<>();
    Map<String, Path> copied = new LinkedHashMap<>();
    for (String name : ImmutableList.of(embedder.graph(), embedder.tokenizer())) {
      Manifest.File file = model.listed(name);
      files.put(name, file);
      if (!file.onClassPath()) {
        copied.put(name, model.file(name));
      }
    }
    return new EmbedderFiles(
        model.space(), embedder, ImmutableMap.copyOf(files), ImmutableMap.copyOf(copied), model);
  }

  static EmbedderFiles of(Path graph, Path tokenizer, EmbeddingSpace space) {
    OnnxFile onnx = OnnxFile.read(graph.toString(), graph);
    if (!onnx.weightFiles().isEmpty()) {
      throw new ModelFormatException(
          "graph "
              + graph
              + " keeps weights in other files: "
              + onnx.weightFiles()
              + ", expected all in one; in Python: onnx.save(onnx.load('model.onnx'), 'one.onnx')");
    }
    ImmutableMap<String, Path> copied = ImmutableMap.of(GRAPH, graph, TOKENIZER, tokenizer);
    Map<String, Manifest.File> files = new LinkedHashMap<>();
    copied.forEach((name, path) -> files.put(name, hashed(path)));
    return new EmbedderFiles(
        space,
        new Manifest.Embedder(
            GRAPH, TOKENIZER, ImmutableList.of(), "", onnx.dynamicallyQuantized()),
        ImmutableMap.copyOf(files),
        copied,
        null);
  }

  private static Manifest.File hashed(Path path) {
    try {
      return new Manifest.File(
          MoreFiles.asByteSource(path).hash(Hashing.sha256()).toString(), Files.size(path), false);
    } catch (IOException e) {
      throw new ModelFormatException("can't read " + path, e);
    }
  }

  /** Opens the embedder; not of {@link #none}. */
  OnnxEmbedder open(Device device, int threads) {
    return source != null
        ? OnnxEmbedder.open(source, device, threads)
        : OnnxEmbedder.open(
            requireNonNull(copied.get(GRAPH)),
            requireNonNull(copied.get(TOKENIZER)),
            space,
            device,
            threads);
  }

  /** What tells it from other embedders. */
  String key() {
    return space + space.prefix() + space.pooling() + space.normalized() + files;
  }
}
