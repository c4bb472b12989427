package io.vec2text.onnx;

import com.google.common.base.Strings;
import com.google.common.collect.ImmutableMap;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.common.hash.HashingOutputStream;
import io.vec2text.internal.OwnerOnly;
import io.vec2text.internal.ShutdownOrder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/**
 * Files of packages where nobody else can change them between being hashed and being loaded. Those
 * from the class path are unpacked once, to folders that are named by the hash, so that packages
 * share what they have in common; they are hashed then, and again when they look changed ({@link
 * CacheEntry}). Those from a directory are copied for the process, and hashed meanwhile.
 */
final class PackageCache {
  /** The system property that names the cache's folder. */
  static final String PROPERTY = "vec2text.cache";

  /** What to do where no folder is safe. */
  static final String HOW_TO = "name a folder of your own by -D" + PROPERTY + "=<folder>";

  private static final int CHUNK = 1 << 20;

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
    CacheEntry entry = entry(root, name, expected);
    try {
      return entry.get(file -> isIntact(file, expected), writer(name, expected, source));
    } catch (IOException e) {
      throw unwritable(name, entry.file(), e);
    }
  }

  /**
   * A library of a jar, unpacked if need be. No manifest has its hash: it is as trustworthy as the
   * jar's classes.
   *
   * @param entry what the jar says of it
   */
  static Path unpack(String name, ZipEntry entry, CacheEntry.Writer writer) throws IOException {
    String folder = String.format("%08x-%d-%s", entry.getCrc(), entry.getSize(), name);
    return new CacheEntry(root(), folder, name, entry.getSize()).get(file -> false, writer);
  }

  private static CacheEntry entry(Path root, String name, Manifest.File expected) {
    return new CacheEntry(root, expected.sha256() + "-" + name, name, expected.bytes());
  }

  private static CacheEntry.Writer writer(String name, Manifest.File expected, Source source) {
    return file -> transfer(name, expected, source.open(), Files.newOutputStream(file));
  }

  /**
   * A copy of a file that lives as long as the process; made on the first call, while hashing.
   *
   * @param file the file, read from its begin to its end on each call
   * @throws ModelFormatException if it is not what the manifest says
   */
  static Path copy(String name, Path file, Manifest.File expected) {
    checkRegular(file, name);
    Path copy = Path.of(name);
    try {
      CacheEntry entry = entry(ProcessFolder.in(root()), name, expected);
      copy = entry.file();
      if (Files.exists(copy)) {
        verify(file, expected);
      } else {
        checkBytes(name, Files.size(file), expected);
        entry.make(
            f -> isIntact(f, expected), writer(name, expected, () -> Files.newInputStream(file)));
      }
      return copy;
    } catch (IOException e) {
      throw unwritable(name, copy, e);
    }
  }

  private static ModelFormatException unwritable(String name, Path file, IOException e) {
    return new ModelFormatException(
        "can't unpack " + name + " to " + file + ": " + OrtRuntime.line(e), e);
  }

  /**
   * Links verified files into one folder of the process, as a graph looks for its weights beside
   * itself.
   *
   * @param files verified files by name
   * @param expected their hashes, which name the folder
   * @return the same files in that folder
   */
  static ImmutableMap<String, Path> together(
      Map<String, Path> files, Map<String, Manifest.File> expected) {
    Hasher hasher = Hashing.sha256().newHasher();
    expected.forEach((name, file) -> hasher.putUnencodedChars(name + '/' + file.sha256() + '/'));
    ImmutableMap.Builder<String, Path> linked = ImmutableMap.builder();
    try {
      Path folder = ProcessFolder.in(root()).resolve(hasher.hash().toString());
      OwnerOnly.createFolder(folder);
      for (Map.Entry<String, Path> file : files.entrySet()) {
        linked.put(file.getKey(), link(file.getValue(), folder.resolve(file.getKey())));
      }
      return linked.buildOrThrow();
    } catch (IOException e) {
      throw new ModelFormatException(
          "can't put the files of a package into one folder: " + OrtRuntime.line(e), e);
    }
  }

  private static Path link(Path file, Path link) throws IOException {
    try {
      Files.createLink(link, file);
    } catch (FileAlreadyExistsException e) {
      // An earlier package of the same files, in this process.
    } catch (UnsupportedOperationException | FileSystemException e) {
      Files.copy(file, link);
    }
    return link;
  }

  /**
   * Checks a file's size and hash.
   *
   * @throws ModelFormatException naming the file, what was found and what was expected
   */
  static void verify(Path file, Manifest.File expected) {
    String name = String.valueOf(file.getFileName());
    checkRegular(file, name);
    try {
      // Cheaper than the hash, and clearer on a file that was cut short.
      checkBytes(name, Files.size(file), expected);
      transfer(name, expected, Files.newInputStream(file), OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static void checkRegular(Path file, String name) {
    if (!Files.isRegularFile(file)) {
      throw new ModelFormatException("file " + name + " is missing, expected at " + file);
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

  /** Copies what must have the expected size and hash, and reads no more than that. */
  static void transfer(String name, Manifest.File expected, InputStream in, OutputStream out)
      throws IOException {
    try (in;
        out;
        HashingOutputStream hashed = new HashingOutputStream(Hashing.sha256(), out)) {
      byte[] chunk = new byte[CHUNK];
      long bytes = 0;
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        ShutdownOrder.check();
        bytes += n;
        if (bytes > expected.bytes()) {
          throw new ModelFormatException(
              "file " + name + " has more than the " + expected.bytes() + " bytes expected");
        }
        hashed.write(chunk, 0, n);
      }
      checkBytes(name, bytes, expected);
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

  /** The user's cache, or a folder that dies with the process where that can't be used. */
  static Path root() {
    try {
      Path root = cache();
      if (root != null) {
        return root;
      }
      Path temporary = ProcessFolder.in(temporary()).resolve("cache");
      OwnerOnly.createFolder(temporary);
      return temporary;
    } catch (IOException e) {
      throw new ModelFormatException(
          "no folder for the model package: " + OrtRuntime.line(e) + "; " + HOW_TO, e);
    }
  }

  /**
   * Folders to make others in, the best first.
   *
   * @return the cache, if it can be used, and the temporary folder
   */
  static List<Path> places() {
    Path cache = cache();
    return cache == null ? List.of(temporary()) : List.of(cache, temporary());
  }

  private static Path temporary() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  /** The real path of the cache; null if one can't write there, or others can. */
  private static @Nullable Path cache() {
    Path root = configured();
    if (root == null) {
      return null;
    }
    try {
      if (!Files.isDirectory(root)) {
        OwnerOnly.createFolder(root);
      }
      Path real = root.toRealPath();
      Path unused = ProcessFolder.in(real);
      return real;
    } catch (IOException | SecurityException e) {
      return null;
    }
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
}
