package io.vec2text.onnx;

import com.google.common.annotations.VisibleForTesting;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.vec2text.EmbeddingSpace;
import io.vec2text.spi.VectorStatistics;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The graphs and tokenizers for one embedding space: a directory, or a folder on the class path,
 * with a {@code manifest.json} that names every file and its SHA-256.
 *
 * <p>A package is opened only after every hash matches ({@link Verification} has a weaker choice
 * for large packages in a directory). Files from the class path are unpacked once, to a folder of
 * their own under the system property {@code vec2text.cache}, or {@code $XDG_CACHE_HOME/vec2text},
 * or {@code ~/.cache/vec2text}; where that is not writable, or others can write to it, to a
 * temporary folder that is deleted when the JVM ends. Files from a directory are copied to such a
 * folder while they are hashed, so that what is loaded is what was hashed.
 *
 * <p>The text file {@code META-INF/vec2text/models} of a jar lists, one a line, the class-path
 * folders of its packages.
 */
public final class ModelPackage {
  private static final String INDEX = "META-INF/vec2text/models";
  private static final Pattern FOLDER = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._/-]*");

  private final Manifest manifest;
  private final String source;
  private final ImmutableMap<String, Path> paths;

  private ModelPackage(Manifest manifest, String source, ImmutableMap<String, Path> paths) {
    this.manifest = manifest;
    this.source = source;
    this.paths = paths;
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
    return open(directory, verification, loaders());
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
    return onClassPath(modelId, null, loaders());
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
        : onClassPath(space().modelId(), variant, loaders());
  }

  /** The embedding spaces that packages on the class path are for. */
  public static List<EmbeddingSpace> available() {
    return find(loaders()).stream()
        .map(found -> found.manifest.space())
        .collect(ImmutableList.toImmutableList());
  }

  @VisibleForTesting
  static ModelPackage open(Path directory, Verification verification, List<ClassLoader> loaders) {
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
                paths.put(name, PackageCache.unpack(name, expected, () -> stream(name, loaders)));
              }
            });
    return new ModelPackage(
        manifest,
        directory.toString(),
        verification.trusting()
            ? ImmutableMap.copyOf(paths)
            : PackageCache.together(paths, manifest.files()));
  }

  private static void checkManifest(byte[] json, String expected) {
    String found = Hashing.sha256().hashBytes(json).toString();
    if (!found.equals(expected)) {
      throw new ModelFormatException(
          "file " + Manifest.FILE + " has SHA-256 " + found + ", expected " + expected);
    }
  }

  @VisibleForTesting
  static ModelPackage onClassPath(
      String modelId, @Nullable String variant, List<ClassLoader> loaders) {
    List<Found> all = find(loaders);
    Optional<Found> best =
        all.stream()
            .filter(found -> found.isFor(modelId, variant))
            .max(Comparator.comparing(found -> found.manifest.canInvert()));
    if (best.isPresent()) {
      return best.get().open(loaders);
    }
    String there =
        all.stream()
            .map(found -> found.manifest.space().toString())
            .collect(Collectors.joining(", "));
    throw new ModelFormatException(
        String.format(
            "no model package for %s on the class path, %s; a package in a directory is opened by"
                + " its path, and training/README.md tells how to train one for another embedding"
                + " model with one command: python -m vec2text_training package",
            variant == null ? modelId : modelId + " (" + variant + ")",
            there.isEmpty() ? "nor any other" : "expected one of [" + there + "]"));
  }

  private static List<Found> find(List<ClassLoader> loaders) {
    // By address: the loaders may be parent and child.
    Map<String, Found> all = new LinkedHashMap<>();
    for (ClassLoader loader : loaders) {
      for (URL index : resources(INDEX, loader)) {
        for (String folder : lines(index)) {
          if (!FOLDER.matcher(folder).matches() || folder.contains("..")) {
            throw new ModelFormatException(
                index + " names \"" + folder + "\", expected folders on the class path");
          }
          String resource = folder + "/" + Manifest.FILE;
          List<URL> urls = resources(resource, loader);
          if (urls.isEmpty()) {
            throw new ModelFormatException(index + " names " + resource + ", which is missing");
          }
          for (URL url : urls) {
            all.computeIfAbsent(url.toString(), u -> read(url));
          }
        }
      }
    }
    return ImmutableList.copyOf(all.values());
  }

  private static Found read(URL url) {
    try (InputStream in = open(url)) {
      byte[] json = readManifest(in, url.toString());
      return new Found(url, Manifest.read(json, url.toString()));
    } catch (IOException e) {
      throw new ModelFormatException("can't read " + url, e);
    }
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
      return readManifest(in, file.toString());
    } catch (IOException e) {
      throw new ModelFormatException("can't read " + file, e);
    }
  }

  static byte[] readManifest(InputStream in, String name) throws IOException {
    byte[] json = in.readNBytes(Manifest.MAX_BYTES + 1);
    if (json.length > Manifest.MAX_BYTES) {
      throw new ModelFormatException(
          name + " is too large, expected at most " + Manifest.MAX_BYTES + " bytes");
    }
    return json;
  }

  private static List<String> lines(URL index) {
    try (InputStream in = open(index)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Splitter.onPattern("\\R").trimResults().omitEmptyStrings().splitToList(text);
    } catch (IOException e) {
      throw new ModelFormatException("can't read " + index, e);
    }
  }

  private static List<ClassLoader> loaders() {
    List<ClassLoader> loaders = new ArrayList<>();
    loaders.add(ModelPackage.class.getClassLoader());
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    if (context != null && !loaders.contains(context)) {
      loaders.add(context);
    }
    return loaders;
  }

  private static List<URL> resources(String name, ClassLoader loader) {
    try {
      return Collections.list(loader.getResources(name));
    } catch (IOException e) {
      throw new ModelFormatException("can't search the class path for " + name, e);
    }
  }

  private static InputStream stream(String name, List<ClassLoader> loaders) throws IOException {
    for (ClassLoader loader : loaders) {
      URL url = loader.getResource(name);
      if (url != null) {
        return open(url);
      }
    }
    throw new ModelFormatException(
        "file "
            + name
            + " is missing, expected on the class path: the jar that holds it is not there");
  }

  /** A stream that does not keep its jar open behind the class loader's back. */
  private static InputStream open(URL url) throws IOException {
    URLConnection connection = url.openConnection();
    connection.setUseCaches(false);
    return connection.getInputStream();
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

  /** How the weights were trained, as far as the manifest tells. */
  public Map<String, Object> training() {
    return Collections.unmodifiableMap(manifest.training());
  }

  /**
   * SHA-256 over the names and hashes of all files of this package but the manifest, as 64
   * hexadecimal digits: packages that have the same are the same models.
   */
  public String sha256() {
    Hasher hasher = Hashing.sha256().newHasher();
    new TreeMap<>(manifest.files())
        .forEach(
            (name, file) ->
                hasher.putString(name + ' ' + file.sha256() + '\n', StandardCharsets.UTF_8));
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

  /** Whether the package can turn vectors into text. */
  boolean canInvert() {
    return manifest.canInvert();
  }

  /** The verified file of a name that the manifest lists. */
  Path file(String name) {
    return require(paths.get(name), "file " + name);
  }

  /** How the vectors of the space are distributed, if the package tells. */
  @Nullable VectorStatistics vectorStatistics() {
    String file = inversion().vectorStatistics();
    return file == null ? null : StatisticsFile.read(file(file), space().dimension());
  }

  /**
   * The verified file of a graph.
   *
   * @throws ModelFormatException if it keeps weights in a file that the manifest does not list
   */
  Path graph(String name) {
    Path file = file(name);
    ExternalData.check(name, file, manifest.files().keySet());
    return file;
  }

  /**
   * Loads the graph of a role, for example {@code step}, and checks its tensors.
   *
   * @throws ModelFormatException if there is none, or its tensors are not those of the manifest
   */
  OrtGraph graph(String role, Device device, int threads, boolean spinning) {
    Manifest.Graph expected = inversion().graph(role);
    OrtGraph graph = OrtGraph.open(graph(expected.file()), device, threads, spinning);
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
          "model package "
              + this
              + " has no "
              + what
              + "; training/README.md tells how to train one");
    }
    return part;
  }

  /** A package on the class path, its files not looked at yet. */
  private record Found(URL url, Manifest manifest) {
    boolean isFor(String modelId, @Nullable String variant) {
      if (variant != null && !variant.equalsIgnoreCase(manifest.space().variant())) {
        return false;
      }
      String full = manifest.space().modelId();
      return modelId.equalsIgnoreCase(full)
          || modelId.equalsIgnoreCase(full.substring(full.lastIndexOf('/') + 1))
          || modelId.equalsIgnoreCase(manifest.name());
    }

    ModelPackage open(List<ClassLoader> loaders) {
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
                          () ->
                              expected.onClassPath()
                                  ? stream(name, loaders)
                                  : ModelPackage.open(new URL(url, name)))));
      return new ModelPackage(
          manifest, url.toString(), PackageCache.together(paths, manifest.files()));
    }
  }
}
