package io.vec2text.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * Creates files and folders that only their owner can read, from the first moment on: what an
 * inversion finds is somebody's secret. Where the file system knows no POSIX permissions, those of
 * the folder above hold.
 */
public final class OwnerOnly {
  private static final String FOLDER = "rwx------";
  private static final String FILE = "rw-------";

  private OwnerOnly() {}

  /** Creates a file that must not exist, for reading and writing. */
  public static FileChannel create(Path file) throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
        permissions(file, FILE));
  }

  /** Creates a folder, and those above it, or takes one that is there from everybody else. */
  public static void createFolder(Path folder) throws IOException {
    Files.createDirectories(folder, permissions(folder, FOLDER));
    if (isPosix(folder)) {
      // Fails if the folder is somebody else's.
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(FOLDER));
    }
  }

  private static FileAttribute<?>[] permissions(Path path, String permissions) {
    return isPosix(path)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /** Puts bytes into a file, in place of one that is there, whole or not at all. */
  public static void write(Path file, byte[] bytes) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      // A device, such as /dev/stdout, which can't be replaced.
      Files.write(file, bytes);
      return;
    }
    Path temporary = temporary(file);
    try {
      try (FileChannel channel = create(temporary)) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
      rename(temporary, file);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** A name beside a file that nothing has yet, for what is to be renamed to the file. */
  public static Path temporary(Path file) {
    long random = ThreadLocalRandom.current().nextLong();
    return file.resolveSibling("." + file.getFileName() + "." + Long.toHexString(random) + ".tmp");
  }

  /** The names that {@link #temporary} gives for a file: what a run that was killed leaves. */
  public static Pattern temporaries(Path file) {
    return Pattern.compile(
        "\\." + Pattern.quote(file.getFileName() + ".") + "[0-9a-f]{1,16}\\.tmp");
  }

  /** Renames a temporary file to the file that it was made for, in one step. */
  public static void rename(Path temporary, Path file) throws IOException {
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
