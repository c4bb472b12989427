package io.vec2text.onnx;

import com.google.common.collect.Iterables;
import com.google.common.collect.Lists;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Who can change what is in a folder. Where the file system knows no POSIX permissions, those of
 * the system are trusted.
 */
final class Ownership {
  private static final int ROOT = 0;
  private static final int GROUP_WRITES = 0_020;
  private static final int OTHERS_WRITE = 0_002;
  private static final int STICKY = 0_1000;

  private Ownership() {}

  /**
   * Why others than the user and the administrator can change what is in a folder, or put another
   * in its place.
   *
   * @param real the folder's real path
   * @param user number of the user, see {@link #user}
   * @return one line; empty if they can't
   */
  static Optional<String> whyUnsafe(Path real, int user) throws IOException {
    if (!isPosix(real)) {
      return Optional.empty();
    }
    List<Path> above = Lists.newArrayList(Iterables.concat(List.of(real), parents(real)));
    for (Path folder : above) {
      int owner = number(folder, "uid");
      int mode = number(folder, "mode");
      if (owner != user && owner != ROOT) {
        return Optional.of(folder + " is another user's (" + Files.getOwner(folder) + ")");
      }
      int group = number(folder, "gid");
      // A user's own group has the user's number.
      boolean shared =
          (mode & OTHERS_WRITE) != 0
              || ((mode & GROUP_WRITES) != 0 && group != user && group != ROOT);
      if (shared && (mode & STICKY) == 0) {
        return Optional.of(folder + " can be changed by others");
      }
    }
    return Optional.empty();
  }

  private static List<Path> parents(Path folder) {
    List<Path> parents = Lists.newArrayList();
    for (Path p = folder.getParent(); p != null; p = p.getParent()) {
      parents.add(p);
    }
    return parents;
  }

  /** The number of the user whose a file is that was just made; 0 where there are none. */
  static int user(Path made) throws IOException {
    return isPosix(made) ? number(made, "uid") : ROOT;
  }

  /** Whether a folder, no link, is the user's, and no other may enter it. */
  static boolean isPrivate(Path folder, int user) throws IOException {
    return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
        && (!isPosix(folder)
            || (number(folder, "uid") == user && (number(folder, "mode") & 0_077) == 0));
  }

  private static int number(Path path, String attribute) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:" + attribute, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("unix");
  }
}
