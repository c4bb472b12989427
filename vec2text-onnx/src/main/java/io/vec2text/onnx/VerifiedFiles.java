package io.vec2text.onnx;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.hash.Hashing;
import io.vec2text.internal.OwnerOnly;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks the files of a package in a directory, several at once. What was hashed is what is loaded:
 * a copy that nobody else can change.
 *
 * <p>Where the caller trusts files that were checked before, they are used in place. Which those
 * are is remembered as empty files for the owner alone in the package cache, named by a hash of
 * path, size, time of change and SHA-256.
 */
final class VerifiedFiles {
  private static final String FOLDER = "verified";

  private VerifiedFiles() {}

  /**
   * Checks files.
   *
   * @param files what the manifest says of each, by name
   * @return where to load each from, by name
   * @throws io.vec2text.onnx.ModelFormatException naming the first file that is wrong, what was
   *     found and what was expected
   */
  static ImmutableMap<String, Path> of(
      Path directory, Map<String, Manifest.File> files, Verification how) {
    // A list, as maps of this size are not split.
    List<Checked> all =
        ImmutableList.copyOf(files.entrySet()).parallelStream()
            .map(file -> check(directory, file.getKey(), file.getValue(), how))
            .toList();
    // One error for one broken package: the same one each time.
    for (Checked file : all) {
      if (file.error != null) {
        throw file.error;
      }
    }
    return all.stream().collect(ImmutableMap.toImmutableMap(Checked::name, Checked::path));
  }

  private record Checked(String name, Path path, @Nullable RuntimeException error) {}

  private static Checked check(
      Path directory, String name, Manifest.File expected, Verification how) {
    Path file = directory.resolve(name);
    try {
      if (!how.trusting()) {
        return new Checked(name, PackageCache.copy(name, file, expected), null);
      }
      // Before the file is read, lest it changes afterwards.
      Path mark = mark(file, expected);
      if (!Files.exists(mark)) {
        PackageCache.verify(file, expected);
      }
      remember(mark);
      return new Checked(name, file, null);
    } catch (RuntimeException e) {
      return new Checked(name, file, e);
    } catch (IOException e) {
      return new Checked(name, file, PackageCache.unreadable(file, e));
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
    // Nobody else is to say what was verified.
    if (Files.isSymbolicLink(folder)) {
      Files.delete(folder);
    }
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
