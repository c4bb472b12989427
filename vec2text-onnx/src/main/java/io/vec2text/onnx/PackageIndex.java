package io.vec2text.onnx;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds packages on the class path, by the files {@value #INDEX} of its jars, and their files. */
final class PackageIndex {
  private static final String INDEX = "META-INF/vec2text/models";
  private static final Pattern FOLDER = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._/-]*");

  private final ImmutableList<ClassLoader> loaders;

  PackageIndex(List<ClassLoader> loaders) {
    this.loaders = ImmutableList.copyOf(loaders);
  }

  /** What this library and the thread that calls can see. */
  static PackageIndex ofThread() {
    Set<ClassLoader> loaders = new LinkedHashSet<>();
    loaders.add(PackageIndex.class.getClassLoader());
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    if (context != null) {
      loaders.add(context);
    }
    return new PackageIndex(List.copyOf(loaders));
  }

  /** A package on the class path, its files not looked at yet. */
  record Found(URL url, Manifest manifest) {
    private boolean isFor(String modelId, @Nullable String variant) {
      if (variant != null && !variant.equalsIgnoreCase(manifest.space().variant())) {
        return false;
      }
      String full = manifest.space().modelId();
      return modelId.equalsIgnoreCase(full)
          || modelId.equalsIgnoreCase(full.substring(full.lastIndexOf('/') + 1))
          || modelId.equalsIgnoreCase(manifest.name());
    }

    /** Whether it is called as its model is, and not, say, by the texts that it was trained on. */
    private boolean hasModelsName() {
      return ("/" + manifest.space().modelId()).endsWith("/" + manifest.name());
    }

    /** A file that lies beside the manifest. */
    InputStream open(String file) throws IOException {
      return PackageIndex.open(new URL(url, file));
    }
  }

  /** All packages. */
  List<Found> all() {
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

  /**
   * The package for an embedding model; of several, one that can turn vectors into text, and of
   * those one that has the model's name.
   *
   * @throws ModelFormatException if there is none, naming those that there are
   */
  Found find(String modelId, @Nullable String variant) {
    List<Found> all = all();
    return all.stream()
        .filter(found -> found.isFor(modelId, variant))
        .max(
            Comparator.<Found, Boolean>comparing(found -> found.manifest.canInvert())
                .thenComparing(Found::hasModelsName))
        .orElseThrow(() -> none(modelId, variant, all));
  }

  private static ModelFormatException none(
      String modelId, @Nullable String variant, List<Found> all) {
    String there =
        all.stream()
            .map(found -> found.manifest.space().toString())
            .collect(Collectors.joining(", "));
    return new ModelFormatException(
        String.format(
            "no model package for %s on the class path, %s; a package in a directory is opened by"
                + " its path, and vec2text space create makes one for any embedder in some minutes"
                + " (docs/embedders.md)",
            variant == null ? modelId : modelId + " (" + variant + ")",
            there.isEmpty() ? "nor any other" : "expected one of [" + there + "]"));
  }

  /** A file at the root of some jar. */
  InputStream open(String file) throws IOException {
    for (ClassLoader loader : loaders) {
      URL url = loader.getResource(file);
      if (url != null) {
        return open(url);
      }
    }
    throw new ModelFormatException(
        "file "
            + file
            + " is missing, expected on the class path: the jar that holds it is not there");
  }

  private static Found read(URL url) {
    try (InputStream in = open(url)) {
      byte[] json = Manifest.readBytes(in, url.toString());
      return new Found(url, Manifest.read(json, url.toString()));
    } catch (IOException e) {
      throw new ModelFormatException("can't read " + url, e);
    }
  }

  private static List<String> lines(URL index) {
    try (InputStream in = open(index)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Splitter.onPattern("\\R").trimResults().omitEmptyStrings().splitToList(text);
    } catch (IOException e) {
      throw new ModelFormatException("can't read " + index, e);
    }
  }

  private static List<URL> resources(String name, ClassLoader loader) {
    try {
      return Collections.list(loader.getResources(name));
    } catch (IOException e) {
      throw new ModelFormatException("can't search the class path for " + name, e);
    }
  }

  /** A stream that does not keep its jar open behind the class loader's back. */
  private static InputStream open(URL url) throws IOException {
    URLConnection connection = url.openConnection();
    connection.setUseCaches(false);
    return connection.getInputStream();
  }
}
