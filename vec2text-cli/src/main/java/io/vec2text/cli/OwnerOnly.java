package io.vec2text.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Creates files that only their owner can read, from the first moment on: what an inversion finds
 * is somebody's secret. Where the file system knows no POSIX permissions, the folder's rules hold.
 */
final class OwnerOnly {
  private OwnerOnly() {}

  /** Creates a file that must not exist, for reading and writing. */
  static FileChannel create(Path file) throws IOException {
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] attributes =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
        attributes);
  }

  /** A name beside a file that nothing has yet, for what is to be renamed to the file. */
  static Path temporary(Path file) {
    long random = ThreadLocalRandom.current().nextLong();
    return file.resolveSibling("." + file.getFileName() + "." + Long.toHexString(random) + ".tmp");
  }

  /** Renames a temporary file to the file that it was made for, in one step. */
  static void rename(Path temporary, Path file) throws IOException {
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Checks, before any work is done for it, that an output can be written.
   *
   * @param input what is read; it may not be overwritten
   * @param existing whether the output may exist
   * @param hint what to do if it does
   */
  static void checkOutput(Path output, Path input, boolean existing, String hint)
      throws IOException {
    if (Files.exists(output, LinkOption.NOFOLLOW_LINKS)) {
      // Devices and links are refused, because --force deletes what is there.
      if (!Files.isRegularFile(output, LinkOption.NOFOLLOW_LINKS)) {
        throw new CliException(output + ": is not a regular file, can't be written");
      }
      if (Files.exists(input) && Files.isSameFile(output, input)) {
        throw new CliException(output + ": is the input, can't be the output too");
      }
      if (!existing) {
        throw new CliException(output + ": exists already, " + hint);
      }
    }
    checkFolder(output);
  }

  /** Checks that the folder of an output is there and can be written to. */
  static void checkFolder(Path output) {
    Path folder = output.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new CliException(output + ": can't be written, its folder does not exist");
    }
    if (!Files.isWritable(folder)) {
      throw new CliException(output + ": can't be written, no permission to write to its folder");
    }
  }
}
