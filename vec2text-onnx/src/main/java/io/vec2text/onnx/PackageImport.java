package io.vec2text.onnx;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.vec2text.ModelFormatException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipException;

/**
 * Copies a package, from a directory or a zip file, to a directory of its own. Only what the
 * manifest lists is copied, under plain names; the directory appears in one step, after the copy
 * was checked.
 */
public final class PackageImport {
  private PackageImport() {}

  /**
   * Copies a package.
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
    if (Files.exists(target)) {
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
        copy(source, copy);
      } else {
        try (FileSystem zip = open(source)) {
          copy(folder(zip, source), copy);
        }
      }
      PackageCheck check = PackageCheck.run(copy, device, threads);
      Files.move(copy, absolute, StandardCopyOption.ATOMIC_MOVE);
      return check;
    } finally {
      if (Files.exists(copy)) {
        MoreFiles.deleteRecursively(copy, RecursiveDeleteOption.ALLOW_INSECURE);
      }
    }
  }

  private static FileSystem open(Path zip) throws IOException {
    try {
      return FileSystems.newFileSystem(zip);
    } catch (ZipException | ProviderNotFoundException e) {
      throw new ModelFormatException(zip + " is neither a directory nor a zip file", e);
    }
  }

  private static Path folder(FileSystem zip, Path source) throws IOException {
    Path root = zip.getPath("/");
    try (Stream<Path> entries = Files.list(root)) {
      List<Path> folders =
          Stream.concat(Stream.of(root), entries.filter(Files::isDirectory).sorted())
              .filter(folder -> Files.isRegularFile(folder.resolve(Manifest.FILE)))
              .toList();
      if (folders.size() != 1) {
        throw new ModelFormatException(
            String.format(
                "%s has %d model packages, expected one, at its root or in a folder",
                source, folders.size()));
      }
      return folders.get(0);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    PackageInfo info = PackageInfo.of(from);
    Files.copy(from.resolve(Manifest.FILE), to.resolve(Manifest.FILE));
    for (String name : info.files().keySet()) {
      Path file = from.resolve(name);
      // What is not there is on the class path, or missing, which the check tells apart.
      if (Files.exists(file)) {
        Files.copy(file, to.resolve(name));
      }
    }
  }
}
