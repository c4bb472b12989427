package io.vec2text.onnx;

import com.google.common.collect.ImmutableMap;
import io.vec2text.EmbeddingSpace;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a package says of itself; nothing of it is verified.
 *
 * @param name its name
 * @param kind {@code vec2text-small} for the project's own models, {@code vec2text-t5} for a
 *     converted checkpoint, {@code vec2text-prefix} for a decoder conditioned by one vector, {@code
 *     vec2text-bridge} for a bridge to another package's models; empty for a package that has an
 *     embedder only
 * @param space the embedding space that it is for
 * @param licence the licence of the weights
 * @param training where the weights come from, free-form
 * @param files bytes of each file by name, the manifest excepted
 * @param graphs the file of each graph by role, the embedder's included
 * @param manifest SHA-256 of the manifest, by which {@link Verification#pinned} pins the package
 */
public record PackageInfo(
    String name,
    Optional<String> kind,
    EmbeddingSpace space,
    String licence,
    Map<String, Object> training,
    Map<String, Long> files,
    Map<String, String> graphs,
    String manifest) {

  /**
   * Reads the manifest of the package in a directory.
   *
   * @throws ModelFormatException if there is none, or it is none that this version can read
   */
  public static PackageInfo of(Path directory) {
    return ModelPackage.info(directory);
  }

  static PackageInfo of(Manifest manifest, String sha256) {
    ImmutableMap.Builder<String, Long> files = ImmutableMap.builder();
    manifest.files().forEach((name, file) -> files.put(name, file.bytes()));
    ImmutableMap.Builder<String, String> graphs = ImmutableMap.builder();
    Manifest.Embedder embedder = manifest.embedder();
    if (embedder != null) {
      graphs.put("embedder", embedder.graph());
    }
    Manifest.Inversion inversion = manifest.inversion();
    if (inversion != null) {
      inversion.graphs().forEach((role, graph) -> graphs.put(role, graph.file()));
    }
    return new PackageInfo(
        manifest.name(),
        manifest.bridge() != null
            ? Optional.of(Manifest.Bridge.LABEL)
            : Optional.ofNullable(inversion).map(i -> i.kind().label()),
        manifest.space(),
        manifest.licence(),
        manifest.training(),
        files.buildOrThrow(),
        graphs.buildOrThrow(),
        sha256);
  }
}
