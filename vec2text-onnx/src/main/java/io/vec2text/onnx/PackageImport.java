package io.vec2text.onnx;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Copies a package, from a directory or a zip file, to a directory of its own. Only what the
 * manifest lists is copied, under plain names and no more of it than the manifest says; the
 * directory appears in one step, after the copy was checked.
 */
public final class PackageImport {
  private static final int MAX_ENTRIES = 1000;

  /** The largest package, in bytes: 64 GiB. */
  private static final long MAX_TOTAL = 1L << 36;

  private PackageImport() {}

  /** Where a file of the package is read; empty if it is not there. */
  @FunctionalInterface
  private interface Contents {
    Optional<PackageCache.Source> find(String name) throws IOException;
  }

  /**
   * Copies a package. The copy is checked as by {@link PackageCheck#apart}.
   *
   * @param source its directory, or a zip file with the package at its root or in one folder
   * @param target a directory that does not exist yet
   * @param device where to load it for the check
   * @param threads threads of a run; 0 for one a core
   * @return what the check of the copy found
   * @throws ModelFormatException if the package is damaged, and then nothing is left behind
   * @throws IOException if the target exists, or something can't be read or written
   */
  public static PackageCheck run(Path source, Path target, Device device, int threads)
      throws IOException {
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(target.toString());
    }
    Path absolute = target.toAbsolutePath();
    Path parent = absolute.getParent();
    if (parent == null) {
      throw new FileAlreadyExistsException(target.toString());
    }
    Files.createDirectories(parent);
    Path copy = Files.createTempDirectory(parent, "." + absolute.getFileName() + ".");
    try {
      if (Files.isDirectory(source)) {
        copy(name -> inDirectory(source, name), source, copy);
      } else {
        copyZip(source, copy);
      }
      PackageCheck check = PackageCheck.apart(copy, device, threads);
      Files.move(copy, absolute, StandardCopyOption.ATOMIC_MOVE);
      return check;
    } finally {
      ProcessFolder.deleteRecursively(copy);
    }
  }

  private static Optional<PackageCache.Source> inDirectory(Path directory, String name) {
    Path file = directory.resolve(name);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new ModelFormatException(
          file + " is a link, a device or the like, expected a regular file");
    }
    return Optional.of(() -> Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS));
  }

  static void copyZip(Path source, Path copy) throws IOException {
    if (!Files.isRegularFile(source)) {
      throw new ModelFormatException(source + " is neither a directory nor a zip file");
    }
    try (ZipFile zip = new ZipFile(source.toFile())) {
      Map<String, ZipEntry> entries = entries(zip, source);
      String folder = folder(entries, source);
      copy(
          name -> {
            ZipEntry entry = entries.get(folder + name);
            return entry == null ? Optional.empty() : Optional.of(() -> zip.getInputStream(entry));
          },
          source,
          copy);
    } catch (ZipException | EOFException e) {
      throw new ModelFormatException(
          source + " is neither a directory nor a whole zip file: " + OrtRuntime.line(e), e);
    }
  }

  /** The entries by name, of which no two may be one on some system. */
  private static Map<String, ZipEntry> entries(ZipFile zip, Path source) {
    if (zip.size() > MAX_ENTRIES) {
      throw new ModelFormatException(
          source + " has " + zip.size() + " entries, expected at most " + MAX_ENTRIES);
    }
    Map<String, ZipEntry> entries = new HashMap<>();
    Map<String, String> seen = new HashMap<>();
    for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().map(e -> (ZipEntry) e)::iterator) {
      String name = entry.getName();
      if (name.startsWith("/") || name.contains("\\") || List.of(name.split("/")).contains("..")) {
        throw new ModelFormatException(
            source + " has the entry \"" + name + "\", expected names that stay inside");
      }
      String before = seen.put(name.toLowerCase(Locale.ROOT), name);
      if (before != null) {
        throw new ModelFormatException(
            source + " has the entries \"" + before + "\" and \"" + name + "\", expected one");
      }
      if (!entry.isDirectory()) {
        entries.put(name, entry);
      }
    }
    return entries;
  }

  /** The folder of the package with its slash; empty for the root. */
  private static String folder(Map<String, ZipEntry> entries, Path source) {
    List<String> folders =
        entries.keySet().stream()
            .filter(name -> name.equals(Manifest.FILE) || name.endsWith("/" + Manifest.FILE))
            .map(name -> name.substring(0, name.length() - Manifest.FILE.length()))
            .filter(folder -> folder.indexOf('/') == folder.length() - 1)
            .toList();
    if (folders.size() != 1) {
      throw new ModelFormatException(
          String.format(
              "%s has %d model packages, expected one, at its root or in a folder",
              source, folders.size()));
    }
    return folders.get(0);
  }

  private static void copy(Contents from, Path source, Path to) throws IOException {
    byte[] json;
    PackageCache.Source manifestFile =
        from.find(Manifest.FILE)
            .orElseThrow(
                () ->
                    new ModelFormatException(
                        "no model package in " + source + ": expected a " + Manifest.FILE));
    try (InputStream in = manifestFile.open()) {
      json = Manifest.readBytes(in, source + "/" + Manifest.FILE);
    }
    Manifest manifest = Manifest.read(json, source + "/" + Manifest.FILE);
    checkTotal(manifest, to);
    Files.write(to.resolve(Manifest.FILE), json);
    for (Map.Entry<String, Manifest.File> file : manifest.files().entrySet()) {
      String name = file.getKey();
      Optional<PackageCache.Source> found = from.find(name);
      if (found.isPresent()) {
        PackageCache.transfer(
            name, file.getValue(), found.get().open(), Files.newOutputStream(to.resolve(name)));
      } else if (!file.getValue().onClassPath()) {
        throw new ModelFormatException("file " + name + " is missing in " + source);
      }
    }
  }

  private static void checkTotal(Manifest manifest, Path to) throws IOException {
    long most = Math.min(MAX_TOTAL, Files.getFileStore(to).getUsableSpace());
    long total = 0;
    for (Manifest.File file : manifest.files().values()) {
      total += Math.min(file.bytes(), MAX_TOTAL + 1);
    }
    if (total > most) {
      throw new ModelFormatException(
          "the package has "
              + total
              + " bytes, expected at most "
              + most
              + ", the bound or what is free");
    }
  }
}
