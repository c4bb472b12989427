package io.vec2text.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.vec2text.internal.OwnerOnly;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files that a command writes, and the one place that lets it do so. A file is claimed before
 * any work is done for it: what can't be written is refused then, and so is what the command reads
 * and what another run writes. What runs that were killed left beside it is removed.
 */
final class Outputs implements Closeable {
  private static final Path STANDARD_OUTPUT = Path.of("/dev/stdout");

  private final Inputs inputs;
  private final List<Claim> claims = new ArrayList<>();

  /** A file of which this run alone may write, by its name in its real folder. */
  private record Claim(Path file, Path lock, FileChannel channel) {}

  /**
   * No files yet.
   *
   * @throws CliException if standard output goes into an input
   */
  Outputs(Inputs inputs) throws IOException {
    this.inputs = inputs;
    inputs.refuse(STANDARD_OUTPUT);
  }

  /** Where it says what an output that is not complete depends on. */
  static Path sidecar(Path file) {
    return file.resolveSibling(file.getFileName() + ".resume");
  }

  private static Path lock(Path file) {
    return file.resolveSibling("." + file.getFileName() + ".vec2text.lock");
  }

  /** Whether something has this name, be it a link to nowhere. */
  static boolean exists(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Claims a file that is not lightly replaced.
   *
   * @param existing whether it may exist
   * @param hint what to do if it does
   */
  void claim(Path file, boolean existing, String hint) throws IOException {
    // Devices and links are refused, because --force deletes what is there.
    if (exists(file) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new CliException(file + ": is not a regular file, can't be written");
    }
    lockForThisRun(file);
    if (exists(file) && !existing) {
      throw new CliException(file + ": exists already, " + hint);
    }
  }

  /** Claims a file that takes the place of an older one, or a device. */
  void claim(@Nullable Path file) throws IOException {
    if (file == null) {
      return;
    }
    if (Files.isDirectory(file)) {
      throw new CliException(file + ": is a folder, can't be written");
    }
    if (!Files.exists(file) || Files.isRegularFile(file)) {
      lockForThisRun(file);
    }
  }

  private void lockForThisRun(Path file) throws IOException {
    Path folder = folder(file);
    Path real = folder.toRealPath().resolve(file.getFileName());
    Path lock = lock(file);
    for (Path written : List.of(file, sidecar(file), lock)) {
      inputs.refuse(written);
    }
    if (claims.stream().anyMatch(claim -> claim.file.equals(real))) {
      throw new CliException(file + ": is given for two outputs");
    }
    claims.add(new Claim(real, lock, locked(file, lock)));
    removeLeftovers(file, folder);
  }

  /** The folder of an output, which must be there and can be written to. */
  private static Path folder(Path output) {
    Path folder = output.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new CliException(output + ": can't be written, its folder does not exist");
    }
    if (!Files.isWritable(folder)) {
      throw new CliException(output + ": can't be written, no permission to write to its folder");
    }
    return folder;
  }

  /** Opens the lock file and locks it. A lock dies with its process, its file does no harm. */
  private static FileChannel locked(Path file, Path lock) throws IOException {
    while (true) {
      FileChannel channel = open(lock);
      boolean kept = false;
      try {
        if (!tryLock(channel)) {
          throw new CliException(file + ": another run is writing to it");
        }
        kept = isThere(lock, channel);
        if (kept) {
          return channel;
        }
      } catch (IOException e) {
        Files.deleteIfExists(lock);
        throw failed(file, e);
      } finally {
        if (!kept) {
          channel.close();
        }
      }
    }
  }

  private static FileChannel open(Path lock) throws IOException {
    while (true) {
      try {
        return OwnerOnly.create(lock);
      } catch (FileAlreadyExistsException there) {
        try {
          return FileChannel.open(lock, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException gone) {
          // Its owner removed it in this moment.
        }
      }
    }
  }

  private static boolean tryLock(FileChannel channel) {
    try {
      FileLock held = channel.tryLock();
      return held != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (IOException e) {
      // A file system without locks: two runs at once are then the user's own care.
      return true;
    }
  }

  /** Whether a file that was locked is still the one of that name: its last owner removes it. */
  private static boolean isThere(Path lock, FileChannel channel) throws IOException {
    byte[] mark = Long.toHexString(ThreadLocalRandom.current().nextLong()).getBytes(US_ASCII);
    ByteBuffer bytes = ByteBuffer.wrap(mark);
    channel.truncate(0);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    try {
      return Arrays.equals(Files.readAllBytes(lock), mark);
    } catch (NoSuchFileException gone) {
      return false;
    }
  }

  private static void removeLeftovers(Path file, Path folder) throws IOException {
    Pattern name = OwnerOnly.temporaries(file);
    try (DirectoryStream<Path> leftovers =
        Files.newDirectoryStream(
            folder, other -> name.matcher(String.valueOf(other.getFileName())).matches())) {
      for (Path leftover : leftovers) {
        Files.deleteIfExists(leftover);
      }
    }
  }

  /** Puts bytes into a claimed file, in place of one that is there, whole or not at all. */
  void write(Path file, byte[] bytes) throws IOException {
    try {
      OwnerOnly.write(file, bytes);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /** What to throw when a file can't be written, so that it is named. */
  static IOException failed(Path file, IOException e) {
    boolean named =
        e instanceof FileSystemException
            || String.valueOf(e.getMessage()).startsWith(file.toString());
    return named ? e : new IOException(file + ": can't be written: " + e.getMessage(), e);
  }

  /** Leaves the files to other runs. */
  @Override
  public void close() throws IOException {
    for (Claim claim : claims) {
      // Before it is unlocked, or it might be another's.
      Files.deleteIfExists(claim.lock);
      claim.channel.close();
    }
    claims.clear();
  }
}
