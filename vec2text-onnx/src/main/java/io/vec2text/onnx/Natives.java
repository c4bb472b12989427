package io.vec2text.onnx;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.onnxruntime.OrtEnvironment;
import com.google.common.base.Strings;
import com.google.common.hash.Hashing;
import com.google.common.hash.HashingInputStream;
import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/**
 * Loads the native libraries of ONNX Runtime and of the tokenizers from a folder that nobody else
 * can write to. Left to themselves, the one unpacks to the temporary folder, and the other loads
 * whatever it finds in its cache.
 *
 * <p>Where the user has named a library of their own, by the properties and environment variables
 * of the two, that one is loaded.
 */
final class Natives {
  private static final String RUNTIME_PATH = "onnxruntime.native.path";
  private static final String TOKENIZERS_PATH = "RUST_LIBRARY_PATH";
  private static final String CUDA = "onnxruntime_providers_cuda";
  private static final List<String> RUNTIME =
      List.of("onnxruntime", "onnxruntime4j_jni", "onnxruntime_providers_shared");

  /** Windows has some of the compiler's libraries beside it; they are loaded in this order. */
  private static final List<String> TOKENIZERS =
      List.of("libwinpthread-1", "libgcc_s_seh-1", "libstdc++-6", "tokenizers");

  private static @Nullable Path runtime;
  private static boolean tokenizersLoaded;

  private Natives() {}

  /**
   * Loads ONNX Runtime.
   *
   * @return its only environment
   * @throws io.vec2text.Vec2TextException if no folder is safe
   */
  static synchronized OrtEnvironment loadRuntime() {
    if (System.getProperties().stringPropertyNames().stream()
        .anyMatch(property -> property.startsWith("onnxruntime.native."))) {
      return OrtEnvironment.getEnvironment();
    }
    Path folder = unpack("onnxruntime", OrtEnvironment.class, RUNTIME);
    OrtEnvironment environment =
        with(RUNTIME_PATH, folder.toString(), OrtEnvironment::getEnvironment);
    if (resource(OrtEnvironment.class, CUDA) == null) {
      deleteLoaded(folder);
    } else {
      runtime = folder;
    }
    return environment;
  }

  /** Puts the library for CUDA, which is large, beside ONNX Runtime's own. */
  static synchronized void unpackCuda() {
    URL library = resource(OrtEnvironment.class, CUDA);
    Path folder = runtime;
    if (folder != null && library != null) {
      Path file = folder.resolve(System.mapLibraryName(CUDA));
      if (!Files.exists(file)) {
        copy(library, file);
      }
    }
  }

  /**
   * Loads the tokenizers' library. By default DJL, which brings it, asks the cloud's metadata
   * service where it runs, reports home from there, and downloads natives for the GPU that it
   * finds; an environment variable or property that the user has set stays as it is.
   *
   * @throws io.vec2text.Vec2TextException if no folder is safe, or the library can't be loaded
   */
  static synchronized void loadTokenizers() {
    if (tokenizersLoaded) {
      return;
    }
    setDefault("DJL_OFFLINE", "ai.djl.offline", "true");
    setDefault("OPT_OUT_TRACKING", "OPT_OUT_TRACKING", "true");
    setDefault("RUST_FLAVOR", "RUST_FLAVOR", "cpu");
    try {
      if (isSet(TOKENIZERS_PATH, TOKENIZERS_PATH)) {
        LibUtils.checkStatus();
      } else {
        Path folder = unpack("tokenizers", LibUtils.class, TOKENIZERS);
        String library = folder.resolve(System.mapLibraryName("tokenizers")).toString();
        with(
            TOKENIZERS_PATH,
            library,
            () -> {
              LibUtils.checkStatus();
              return library;
            });
        deleteLoaded(folder);
      }
    } catch (RuntimeException | LinkageError e) {
      throw new DeviceException("can't load the tokenizers' library: " + OrtRuntime.line(e), e);
    }
    tokenizersLoaded = true;
  }

  private static boolean isSet(String variable, String property) {
    return System.getenv(variable) != null || System.getProperty(property) != null;
  }

  private static void setDefault(String variable, String property, String value) {
    if (!isSet(variable, property)) {
      System.setProperty(property, value);
    }
  }

  /** Sets a property for as long as it takes: others in this process may have their own natives. */
  private static <T> T with(String property, String value, Supplier<T> load) {
    System.setProperty(property, value);
    try {
      return load.get();
    } finally {
      System.clearProperty(property);
    }
  }

  /** Unpacks those of the libraries that the jar of a class has for this system. */
  private static Path unpack(String name, Class<?> holder, List<String> libraries) {
    try {
      Path folder = ProcessFolder.create(name);
      for (String library : libraries) {
        URL resource = resource(holder, library);
        if (resource != null) {
          unpack(resource, folder.resolve(System.mapLibraryName(library)));
        }
      }
      return folder;
    } catch (IOException e) {
      throw new DeviceException("can't unpack " + name + ": " + OrtRuntime.line(e), e);
    }
  }

  /** By way of the cache, as inflating them takes long. */
  private static void unpack(URL library, Path file) throws IOException {
    JarEntry entry = entry(library);
    if (entry == null) {
      copy(library, file);
    } else {
      String name = String.valueOf(file.getFileName());
      Files.copy(PackageCache.unpack(name, entry, cached -> copy(library, cached)), file);
    }
  }

  /** What the jar says of a library; null if it is not in a jar. */
  private static @Nullable JarEntry entry(URL library) throws IOException {
    if (!(library.openConnection() instanceof JarURLConnection connection)) {
      return null;
    }
    connection.setUseCaches(false);
    try (JarFile jar = connection.getJarFile()) {
      return jar.getJarEntry(connection.getEntryName());
    }
  }

  private static void copy(URL library, Path file) {
    try (HashingInputStream in = new HashingInputStream(Hashing.sha256(), library.openStream())) {
      Files.copy(in, file);
      if (!MoreFiles.asByteSource(file).hash(Hashing.sha256()).equals(in.hash())) {
        throw new DeviceException(file + " is not what was written there: is the disk all right?");
      }
    } catch (IOException e) {
      throw new DeviceException("can't unpack " + file + ": " + OrtRuntime.line(e), e);
    }
  }

  private static @Nullable URL resource(Class<?> holder, String library) {
    boolean forRuntime = holder.equals(OrtEnvironment.class);
    String system = Strings.nullToEmpty(System.getProperty("os.name")).toLowerCase(Locale.ROOT);
    String processor = Strings.nullToEmpty(System.getProperty("os.arch"));
    String os = system.contains("win") ? "win" : system.contains("mac") ? "osx" : "linux";
    boolean intel = processor.equals("amd64") || processor.equals("x86_64");
    String arch = intel ? (forRuntime ? "x64" : "x86_64") : processor;
    String folder =
        forRuntime
            ? "ai/onnxruntime/native/" + os + "-" + arch + "/"
            : "native/lib/" + os + "-" + arch + "/cpu/";
    return holder.getClassLoader().getResource(folder + System.mapLibraryName(library));
  }

  /** Deletes libraries that are loaded, where the system allows it; else they go at the end. */
  private static void deleteLoaded(Path folder) {
    try {
      ProcessFolder.deleteRecursively(folder);
    } catch (IOException e) {
      // Windows keeps what is in use.
    }
  }
}
