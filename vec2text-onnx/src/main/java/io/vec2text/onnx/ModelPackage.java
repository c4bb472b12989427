package io.vec2text.onnx;

import com.google.common.annotations.VisibleForTesting;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.vec2text.EmbeddingSpace;
import io.vec2text.spi.VectorStatistics;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The graphs and tokenizers for one embedding space: a directory, or a folder on the class path,
 * with a {@code manifest.json} that names every file and its SHA-256.
 *
 * <p>A package is opened only after every hash matches ({@link Verification} has a weaker choice
 * for large packages in a directory). Files from the class path are unpacked and hashed once, to a
 * folder of their own under the system property {@code vec2text.cache}, or {@code
 * $XDG_CACHE_HOME/vec2text}, or {@code ~/.cache/vec2text}, that only the user may enter; they are
 * hashed again when their time of change or their size is not as it was left. Where that folder is
 * not writable, or others can write to it, a temporary one is used that is deleted when the JVM
 * ends. Files from a directory are copied to such a folder while they are hashed, so that what is
 * loaded is what was hashed.
 *
 * <p>The text file {@code META-INF/vec2text/models} of a jar lists, one a line, the class-path
 * folders of its packages.
 */
public final class ModelPackage {
  private static final String BASE_FOLDER = "base";

  private final Manifest manifest;
  private final String source;
  private final ImmutableMap<String, Path> paths;
  private final Optional<Directory> directory;

  /** Where a package was opened that is in a directory, and how it was checked. */
  private record Directory(Path path, Verification verification) {}

  private ModelPackage(
      Manifest manifest,
      String source,
      ImmutableMap<String, Path> paths,
      Optional<Directory> directory) {
    this.manifest = manifest;
    this.source = source;
    this.paths = paths;
    this.directory = directory;
  }

  /**
   * Opens the package in a directory.
   *
   * @throws ModelFormatException if a file is missing or damaged, naming the file, what was found
   *     and what was expected
   */
  public static ModelPackage open(Path directory) {
    return open(directory, Verification.always());
  }

  /**
   * Opens the package in a directory.
   *
   * @param verification how its files are checked
   * @throws ModelFormatException if a file is missing or damaged, naming the file, what was found
   *     and what was expected
   */
  public static ModelPackage open(Path directory, Verification verification) {
    return open(directory, verification, PackageIndex.ofThread());
  }

  /**
   * Opens the package on the class path that is for an embedding model; of several, one that can
   * turn vectors into text.
   *
   * @param modelId the model's id, in full or after its last slash, for example {@code
   *     all-MiniLM-L6-v2}, or the package's name; case does not matter
   * @throws ModelFormatException if there is no such package, naming those that there are, or a
   *     file is missing or damaged, naming the file, what was found and what was expected
   */
  public static ModelPackage onClassPath(String modelId) {
    return onClassPath(modelId, null, PackageIndex.ofThread());
  }

  /**
   * The package for a variant of the same embedding model: this one, or another on the class path.
   *
   * @param variant for example {@code int8}; case does not matter
   * @throws ModelFormatException if there is none, or it is damaged
   */
  public ModelPackage ofVariant(String variant) {
    return variant.equalsIgnoreCase(space().variant())
        ? this
        : onClassPath(space().modelId(), variant, PackageIndex.ofThread());
  }

  /** The embedding spaces that packages on the class path are for. */
  public static List<EmbeddingSpace> available() {
    return PackageIndex.ofThread().all().stream()
        .map(found -> found.manifest().space())
        .collect(ImmutableList.toImmutableList());
  }

  @VisibleForTesting
  static ModelPackage open(Path directory, Verification verification, PackageIndex index) {
    Path file = directory.resolve(Manifest.FILE);
    byte[] json = readManifest(directory);
    verification.manifest().ifPresent(expected -> checkManifest(json, expected));
    Manifest manifest = Manifest.read(json, file.toString());
    Map<String, Manifest.File> own = Maps.filterValues(manifest.files(), f -> !f.onClassPath());
    Map<String, Path> paths = new LinkedHashMap<>(VerifiedFiles.of(directory, own, verification));
    manifest
        .files()
        .forEach(
            (name, expected) -> {
              if (expected.onClassPath()) {
                paths.put(name, PackageCache.unpack(name, expected, () -> index.open(name)));
              }
            });
    return new ModelPackage(
        manifest,
        directory.toString(),
        verification.trusting()
            ? ImmutableMap.copyOf(paths)
            : PackageCache.together(paths, manifest.files()),
        Optional.of(
            new Directory(
                directory, verification.trusting() ? Verification.once() : Verification.always())));
  }

  private static void checkManifest(byte[] json, String expected) {
    String found = Hashing.sha256().hashBytes(json).toString();
    if (!found.equals(expected)) {
      throw new ModelFormatException(
          "file " + Manifest.FILE + " has SHA-256 " + found + ", expected " + expected);
    }
  }

  @VisibleForTesting
  static ModelPackage onClassPath(String modelId, @Nullable String variant, PackageIndex index) {
    PackageIndex.Found found = index.find(modelId, variant);
    Manifest manifest = found.manifest();
    Map<String, Path> paths = new LinkedHashMap<>();
    manifest
        .files()
        .forEach(
            (name, expected) ->
                paths.put(
                    name,
                    PackageCache.unpack(
                        name,
                        expected,
                        () -> expected.onClassPath() ? index.open(name) : found.open(name))));
    return new ModelPackage(
        manifest,
        found.url().toString(),
        PackageCache.together(paths, manifest.files()),
        Optional.empty());
  }

  static PackageInfo info(Path directory) {
    byte[] json = readManifest(directory);
    String sha256 = Hashing.sha256().hashBytes(json).toString();
    return PackageInfo.of(Manifest.read(json, directory.resolve(Manifest.FILE).toString()), sha256);
  }

  private static byte[] readManifest(Path directory) {
    Path file = directory.resolve(Manifest.FILE);
    if (!Files.isRegularFile(file)) {
      throw new ModelFormatException(
          "no model package in " + directory + ": expected a directory with a " + Manifest.FILE);
    }
    try (InputStream in = Files.newInputStream(file)) {
      return Manifest.readBytes(in, file.toString());
    } catch (IOException e) {
      throw new ModelFormatException("can't read " + file, e);
    }
  }

  /** The name of this package. */
  public String name() {
    return manifest.name();
  }

  /** The embedding space that this package is for. */
  public EmbeddingSpace space() {
    return manifest.space();
  }

  /** The licence of the weights. */
  public String licence() {
    return manifest.licence();
  }

  /** How the weights were trained, as far as the manifest says. */
  public Map<String, Object> training() {
    return Collections.unmodifiableMap(manifest.training());
  }

  /**
   * SHA-256 over the names and hashes of all files of this package but the manifest, and over the
   * manifest of base models of its own, as 64 hexadecimal digits: packages that have the same are
   * the same models.
   */
  public String sha256() {
    Hasher hasher = Hashing.sha256().newHasher();
    new TreeMap<>(manifest.files())
        .forEach(
            (name, file) ->
                hasher.putString(name + ' ' + file.sha256() + '\n', StandardCharsets.UTF_8));
    baseFolder().ifPresent(folder -> hasher.putBytes(readManifest(folder)));
    return hasher.hash().toString();
  }

  /** Name, space and place. */
  @Override
  public String toString() {
    return name() + " for " + space() + " in " + source;
  }

  /** What the manifest says of the embedder. */
  Manifest.Embedder embedder() {
    Manifest.Embedder embedder = manifest.embedder();
    if (embedder == null) {
      throw new ModelFormatException(
          String.format(
              "model package %s has no embedder; bring one with Vec2Text.builder().embedder(...),"
                  + " for example an endpoint's that has %s",
              this, space().modelId()));
    }
    return embedder;
  }

  /** What the manifest says of the graphs that turn vectors into text. */
  Manifest.Inversion inversion() {
    return require(manifest.inversion(), "graphs that turn vectors into text");
  }

  /** Whether the package has an embedder; without one, the user brings it. */
  boolean hasEmbedder() {
    return manifest.embedder() != null;
  }

  /** Whether the package has graphs that turn vectors into text. */
  boolean hasInversion() {
    return manifest.inversion() != null;
  }

  /** A number that the manifest has of the training, if it has it. */
  OptionalDouble trainingFigure(String name) {
    return manifest.training().get(name) instanceof Number n
        ? OptionalDouble.of(n.doubleValue())
        : OptionalDouble.empty();
  }

  /**
   * The package of base models in this one's own folder {@value #BASE_FOLDER}, if there is one,
   * checked as this one was.
   *
   * @throws ModelFormatException if it is damaged
   */
  Optional<ModelPackage> ownBase() {
    return directory.flatMap(own -> baseFolder().map(folder -> open(folder, own.verification())));
  }

  private Optional<Path> baseFolder() {
    return directory.map(own -> own.path().resolve(BASE_FOLDER)).filter(Files::isDirectory);
  }

  /** The bridge to another package's models, if there is one. */
  Optional<Manifest.Bridge> bridge() {
    return Optional.ofNullable(manifest.bridge());
  }

  /** What the manifest says of a file. */
  Manifest.File listed(String name) {
    return require(manifest.files().get(name), "file " + name);
  }

  /** SHA-256 of the graph of the embedder. */
  String embedderSha256() {
    return listed(embedder().graph()).sha256();
  }

  /** Whether the package can turn vectors into text. */
  boolean canInvert() {
    return manifest.canInvert();
  }

  /** The verified file of a name that the manifest lists. */
  Path file(String name) {
    return require(paths.get(name), "file " + name);
  }

  /** How the vectors of the space are distributed, if the package holds statistics of them. */
  @Nullable VectorStatistics vectorStatistics() {
    String file = manifest.vectorStatistics();
    return file == null ? null : StatisticsFile.read(file(file), space().dimension());
  }

  /**
   * The verified file of a graph.
   *
   * @throws ModelFormatException if it keeps weights in a file that the manifest does not list
   */
  Path graph(String name) {
    Path file = file(name);
    OnnxFile.read(name, file).check(name, manifest.files().keySet());
    return file;
  }

  /**
   * Loads the graph of a role, for example {@code step}, and checks its tensors.
   *
   * @throws ModelFormatException if there is none, or its tensors are not those of the manifest
   */
  OrtGraph graph(String role, Device device, int threads) {
    Manifest.Graph expected = inversion().graph(role);
    OrtGraph graph = OrtGraph.open(graph(expected.file()), device, threads);
    try {
      graph.check(expected.inputs(), expected.outputs());
      return graph;
    } catch (ModelFormatException e) {
      graph.close();
      throw e;
    }
  }

  private <T> T require(@Nullable T part, String what) {
    if (part == null) {
      throw new ModelFormatException(
          String.format(
              "model package %s has no %s; training/README.md tells how to train one", this, what));
    }
    return part;
  }
}
