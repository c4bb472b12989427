package io.vec2text.onnx;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/**
 * A file in a folder of its own that only the user may enter; the folder is made in one step. A
 * file that is right gets the time {@link #VERIFIED}, which whatever writes to it changes: one with
 * another time, or of another size, is looked at again.
 */
final class CacheEntry {
  private static final FileTime VERIFIED = FileTime.from(Instant.parse("2000-01-01T00:00:00Z"));

  private final Path root;
  private final Path folder;
  private final String name;
  private final long bytes;

  /**
   * An entry that may be there or not.
   *
   * @param root where its folder lies
   * @param folder the folder's name, another for other contents
   * @param name the file's name
   * @param bytes the file's size
   */
  CacheEntry(Path root, String folder, String name, long bytes) {
    this.root = root;
    this.folder = root.resolve(folder);
    this.name = name;
    this.bytes = bytes;
  }

  /** Writes a file, and fails if it is not right. */
  @FunctionalInterface
  interface Writer {
    void write(Path file) throws IOException;
  }

  /** Reads a file and tells whether it is right. */
  @FunctionalInterface
  interface Check {
    boolean isIntact(Path file);
  }

  /** The file, which may not be there. */
  Path file() {
    return folder.resolve(name);
  }

  /** The file; made if it is not there, or not right. */
  Path get(Check check, Writer writer) throws IOException {
    int user = Ownership.user(ProcessFolder.in(root));
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      if (Ownership.isPrivate(folder, user) && isRight(check)) {
        return file();
      }
      discard();
    }
    make(
        check,
        file -> {
          writer.write(file);
          // Or a crash of the system could leave the time and the size without the bytes.
          try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
          }
          remember(file);
        });
    return file();
  }

  private boolean isRight(Check check) throws IOException {
    if (!Files.isRegularFile(file(), LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    BasicFileAttributes found = Files.readAttributes(file(), BasicFileAttributes.class);
    if (found.lastModifiedTime().equals(VERIFIED) && found.size() == bytes) {
      return true;
    }
    if (!check.isIntact(file())) {
      return false;
    }
    if (Files.getLastModifiedTime(file()).equals(found.lastModifiedTime())) {
      remember(file());
    }
    return true;
  }

  private static void remember(Path file) {
    try {
      Files.setLastModifiedTime(file, VERIFIED);
    } catch (IOException e) {
      // Then it is looked at the next time.
    }
  }

  /** Makes the folder in one step, unless another process or thread is quicker. */
  void make(Check check, Writer writer) throws IOException {
    Path unpacked = ProcessFolder.create(root, "unpack");
    try {
      writer.write(unpacked.resolve(name));
      try {
        Files.move(unpacked, folder, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        if (!isRight(check)) {
          throw e;
        }
      }
    } finally {
      ProcessFolder.deleteRecursively(unpacked);
    }
  }

  /** Moves a damaged folder, or a link, out of the way first: another process may look at it. */
  private void discard() throws IOException {
    Path bin = ProcessFolder.create(root, "discard");
    try {
      Files.move(folder, bin.resolve("folder"), StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      // The other process saw the damage as well, and was quicker.
    } finally {
      ProcessFolder.deleteRecursively(bin);
    }
  }
}
