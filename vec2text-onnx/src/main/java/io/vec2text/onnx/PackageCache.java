package io.vec2text.onnx;

import com.google.common.base.Strings;
import com.google.common.collect.ImmutableMap;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.common.hash.HashingOutputStream;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.vec2text.ModelFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Class-path files as real files, as ONNX Runtime reads graphs best from those. Each is unpacked
 * once, to a folder of its own that is named by its hash and that only the user may enter, so that
 * packages share what they have in common. Size and hash are verified before each use.
 */
final class PackageCache {
  /** The system property that names the cache's folder. */
  static final String PROPERTY = "vec2text.cache";

  private PackageCache() {}

  /** Opens the stream of a file that is to be unpacked. */
  @FunctionalInterface
  interface Source {
    InputStream open() throws IOException;
  }

  /**
   * A file, unpacked if need be.
   *
   * @param name its name
   * @param expected its size and hash
   * @param source where to read it
   * @throws ModelFormatException if it is not what the manifest says
   */
  static Path unpack(String name, Manifest.File expected, Source source) {
    return unpack(root(), name, expected, source);
  }

  static Path unpack(Path root, String name, Manifest.File expected, Source source) {
    Path folder = root.resolve(expected.sha256() + "-" + name);
    Path file = folder.resolve(name);
    try {
      if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
        if (isIntact(file, expected)) {
          return file;
        }
        discard(root, folder);
      }
      Path unpacked = Files.createTempDirectory(root, "unpack");
      try {
        copy(name, expected, source, unpacked);
        publish(unpacked, folder, file, expected);
      } finally {
        delete(unpacked);
      }
      return file;
    } catch (IOException e) {
      throw new ModelFormatException("can't unpack " + name + " to " + folder, e);
    }
  }

  /**
   * Links unpacked files into one folder, as a graph looks for its weights beside itself.
   *
   * @param files verified files by name
   * @param expected their hashes, which name the folder
   * @return the same files in that folder
   */
  static ImmutableMap<String, Path> together(
      Map<String, Path> files, Map<String, Manifest.File> expected) {
    Hasher hasher = Hashing.sha256().newHasher();
    expected.forEach((name, file) -> hasher.putUnencodedChars(name + '/' + file.sha256() + '/'));
    Path folder = root().resolve(hasher.hash().toString());
    ImmutableMap.Builder<String, Path> linked = ImmutableMap.builder();
    files.forEach((name, file) -> linked.put(name, link(file, folder, name)));
    return linked.buildOrThrow();
  }

  private static Path link(Path file, Path folder, String name) {
    Path link = folder.resolve(name);
    try {
      Files.createDirectories(folder);
      if (Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
        if (Files.isSameFile(link, file)) {
          return link;
        }
        Files.delete(link);
      }
      Files.createLink(link, file);
      return link;
    } catch (FileAlreadyExistsException e) {
      // Another process was quicker.
      return link;
    } catch (IOException | UnsupportedOperationException e) {
      throw new ModelFormatException("can't link " + name + " into " + folder, e);
    }
  }

  /**
   * Checks a file's size and hash.
   *
   * @throws ModelFormatException naming the file, what was found and what was expected
   */
  static void verify(Path file, Manifest.File expected) {
    String name = String.valueOf(file.getFileName());
    if (!Files.isRegularFile(file)) {
      throw new ModelFormatException("file " + name + " is missing, expected at " + file);
    }
    try {
      long bytes = Files.size(file);
      // Cheaper than the hash, and clearer on a file that was cut short.
      checkBytes(name, bytes, expected);
      String sha256 = MoreFiles.asByteSource(file).hash(Hashing.sha256()).toString();
      checkHash(name, sha256, expected);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  static ModelFormatException unreadable(Path file, IOException e) {
    return new ModelFormatException("can't read file " + file, e);
  }

  private static boolean isIntact(Path file, Manifest.File expected) {
    try {
      verify(file, expected);
      return true;
    } catch (ModelFormatException e) {
      return false;
    }
  }

  private static void copy(String name, Manifest.File expected, Source source, Path folder)
      throws IOException {
    try (InputStream in = source.open();
        OutputStream out = Files.newOutputStream(folder.resolve(name));
        HashingOutputStream hashed = new HashingOutputStream(Hashing.sha256(), out)) {
      checkBytes(name, in.transferTo(hashed), expected);
      checkHash(name, hashed.hash().toString(), expected);
    }
  }

  private static void checkBytes(String name, long found, Manifest.File expected) {
    if (found != expected.bytes()) {
      throw new ModelFormatException(
          "file " + name + " has " + found + " bytes, expected " + expected.bytes());
    }
  }

  private static void checkHash(String name, String found, Manifest.File expected) {
    if (!found.equals(expected.sha256())) {
      throw new ModelFormatException(
          "file " + name + " has SHA-256 " + found + ", expected " + expected.sha256());
    }
  }

  /** Gives the folder its name, unless another process was quicker. */
  private static void publish(Path unpacked, Path folder, Path file, Manifest.File expected)
      throws IOException {
    try {
      Files.move(unpacked, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (!isIntact(file, expected)) {
        throw e;
      }
    }
  }

  /** Moves a damaged folder out of the way first: another process may be looking at it. */
  private static void discard(Path root, Path folder) throws IOException {
    Path bin = Files.createTempDirectory(root, "discard");
    try {
      Files.move(folder, bin.resolve("folder"), StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      // The other process saw the damage as well, and was quicker.
    } finally {
      delete(bin);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  /**
   * The first of: the system property, the user's cache folder, a folder that dies with the JVM.
   */
  static Path root() {
    Path root = configured();
    if (root != null) {
      try {
        Files.createDirectories(root);
        // Whether one can write there is best seen by writing.
        Files.delete(Files.createTempFile(root, "probe", null));
        return root;
      } catch (IOException | SecurityException e) {
        return Temporary.ROOT;
      }
    }
    return Temporary.ROOT;
  }

  private static @Nullable Path configured() {
    try {
      String property = System.getProperty(PROPERTY);
      if (!Strings.isNullOrEmpty(property)) {
        return Path.of(property);
      }
      String xdg = System.getenv("XDG_CACHE_HOME");
      if (!Strings.isNullOrEmpty(xdg) && Path.of(xdg).isAbsolute()) {
        return Path.of(xdg, "vec2text");
      }
      String home = System.getProperty("user.home");
      return Strings.isNullOrEmpty(home) ? null : Path.of(home, ".cache", "vec2text");
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private static final class Temporary {
    static final Path ROOT = create();

    private static Path create() {
      try {
        Path root = Files.createTempDirectory("vec2text");
        Runtime.getRuntime()
            .addShutdownHook(
                new Thread(
                    () -> {
                      try {
                        delete(root);
                      } catch (IOException e) {
                        // The JVM is about to end: nobody is left to tell.
                      }
                    },
                    "vec2text-cache"));
        return root;
      } catch (IOException e) {
        throw new UncheckedIOException("no temporary folder for the model package", e);
      }
    }
  }
}
