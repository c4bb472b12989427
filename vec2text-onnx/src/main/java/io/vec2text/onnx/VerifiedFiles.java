package io.vec2text.onnx;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hashing;
import io.vec2text.internal.OwnerOnly;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Checks the files of a package, several at once, and remembers, if it may, which it has checked:
 * as empty files for the owner alone in the package cache, named by a hash of path, size, time of
 * change and SHA-256.
 */
final class VerifiedFiles {
  private static final String FOLDER = "verified";

  private VerifiedFiles() {}

  /**
   * Checks files.
   *
   * @param files what the manifest says of each
   * @throws io.vec2text.ModelFormatException naming the first file that is wrong, what was found
   *     and what was expected
   */
  static void verify(Map<Path, Manifest.File> files, Verification how) {
    // One error for one broken package: the same one each time.
    Map<Path, RuntimeException> errors =
        // A list, as maps of this size are not split.
        ImmutableList.copyOf(files.entrySet()).parallelStream()
            .flatMap(file -> error(file.getKey(), file.getValue(), how).stream())
            .collect(Collectors.toMap(Failure::file, Failure::error));
    for (Path file : files.keySet()) {
      RuntimeException error = errors.get(file);
      if (error != null) {
        throw error;
      }
    }
  }

  private record Failure(Path file, RuntimeException error) {}

  private static Optional<Failure> error(Path file, Manifest.File expected, Verification how) {
    try {
      // Before the file is read, lest it changes afterwards.
      Path mark = how.trusting() ? mark(file, expected) : null;
      if (mark == null || !Files.exists(mark)) {
        PackageCache.verify(file, expected);
      }
      if (mark != null) {
        remember(mark);
      }
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of(new Failure(file, e));
    } catch (IOException e) {
      return Optional.of(new Failure(file, PackageCache.unreadable(file, e)));
    }
  }

  private static Path mark(Path file, Manifest.File expected) throws IOException {
    String state =
        Files.isRegularFile(file)
            ? file.toRealPath() + "|" + Files.size(file) + "|" + Files.getLastModifiedTime(file)
            : "missing";
    String name =
        Hashing.sha256()
            .hashString(state + "|" + expected.sha256(), StandardCharsets.UTF_8)
            .toString();
    Path folder = PackageCache.root().resolve(FOLDER);
    // Takes a folder that is there from everybody else: nobody else is to say what was verified.
    OwnerOnly.createFolder(folder);
    return folder.resolve(name);
  }

  private static void remember(Path mark) throws IOException {
    if (Files.exists(mark)) {
      return;
    }
    Path temporary = OwnerOnly.temporary(mark);
    OwnerOnly.create(temporary).close();
    OwnerOnly.rename(temporary, mark);
  }
}
