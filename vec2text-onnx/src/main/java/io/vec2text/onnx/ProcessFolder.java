package io.vec2text.onnx;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.vec2text.Vec2TextException;
import io.vec2text.internal.OwnerOnly;
import io.vec2text.internal.ShutdownOrder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A folder that dies with the process and that only its user may enter: for native libraries and
 * for the copies of files that were hashed. A lock tells the others that it is in use; those that
 * killed processes left behind are deleted by the next one.
 */
final class ProcessFolder {
  private static final String PREFIX = "vec2text-";
  private static final String LOCK = "lock";

  /** The age from which a folder without a lock is no longer being made. */
  private static final Duration MAKING = Duration.ofHours(1);

  private static final Map<Path, ProcessFolder> ALL = new HashMap<>();

  private final Path path;
  private final FileChannel lock;

  private ProcessFolder(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * A new, empty folder for the user alone.
   *
   * @throws Vec2TextException if others could change what is in it, wherever it may be
   */
  static Path create(String name) throws IOException {
    StringBuilder reasons = new StringBuilder();
    for (Path parent : PackageCache.places()) {
      try {
        return create(parent, name);
      } catch (IOException e) {
        reasons.append(reasons.isEmpty() ? "" : "; ").append(e.getMessage());
      }
    }
    throw new Vec2TextException(
        "no folder is safe from other users: " + reasons + "; " + PackageCache.HOW_TO);
  }

  /**
   * A new, empty folder for the user alone, under one of this process in {@code parent}.
   *
   * @throws IOException if others could change what is in it, or it can't be made
   */
  static Path create(Path parent, String name) throws IOException {
    return Files.createTempDirectory(in(parent), name);
  }

  /**
   * This process's folder in {@code parent}, always the same.
   *
   * @throws IOException if others could change what is in it, or it can't be made
   */
  static Path in(Path parent) throws IOException {
    Path real = parent.toRealPath();
    synchronized (ALL) {
      ShutdownOrder.check();
      ProcessFolder folder = ALL.get(real);
      if (folder == null || !Files.exists(folder.path)) {
        folder = make(real);
        ALL.put(real, folder);
        ShutdownOrder.add(ShutdownOrder.Stage.FILES, folder::delete);
      }
      return folder.path;
    }
  }

  private static ProcessFolder make(Path parent) throws IOException {
    String name = PREFIX + ProcessHandle.current().pid() + "-";
    Path path = Files.createTempDirectory(parent, name);
    try {
      int user = Ownership.user(path);
      Optional<String> reason = Ownership.whyUnsafe(parent, user);
      if (reason.isPresent()) {
        throw new IOException(reason.get());
      }
      sweep(parent, path, user);
      // Locked before it has its name: who finds it there finds it locked.
      Path unnamed = path.resolve("unnamed");
      FileChannel lock = OwnerOnly.create(unnamed);
      FileLock unused = lock.lock();
      OwnerOnly.rename(unnamed, path.resolve(LOCK));
      return new ProcessFolder(path, lock);
    } catch (IOException | RuntimeException e) {
      deleteRecursively(path);
      throw e;
    }
  }

  private void delete() {
    try {
      deleteRecursively(path);
      lock.close();
    } catch (IOException e) {
      // Loaded libraries can't be deleted everywhere: the next process will.
    }
  }

  /** Deletes what killed processes of the same user left behind. */
  private static void sweep(Path parent, Path own, int user) throws IOException {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*-*")) {
      for (Path folder : folders) {
        if (!folder.equals(own) && Ownership.isPrivate(folder, user) && isAbandoned(folder)) {
          deleteRecursively(folder);
        }
      }
    } catch (IOException e) {
      // What can't be deleted harms nobody.
    }
  }

  private static boolean isAbandoned(Path folder) throws IOException {
    Path file = folder.resolve(LOCK);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      Instant changed = Files.getLastModifiedTime(folder).toInstant();
      return changed.isBefore(Instant.now().minus(MAKING));
    }
    // Closing another channel to it would drop a lock of this very process.
    if (String.valueOf(folder.getFileName())
        .startsWith(PREFIX + ProcessHandle.current().pid() + "-")) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      @Nullable FileLock free = channel.tryLock();
      return free != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** Deletes a folder, if it is there, and no file that a link in it leads to. */
  static void deleteRecursively(Path folder) throws IOException {
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }
}
