package io.vec2text.onnx;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** A package whose files are replaced by others, with hashes to match. */
record DamagedPackage(Path folder) {
  static DamagedPackage of(Path folder) {
    return new DamagedPackage(folder);
  }

  /** Changes the text of the manifest. */
  void manifest(UnaryOperator<String> change) {
    rewrite("manifest.json", change);
  }

  /** Changes the text of a file, and has the manifest expect just that. */
  void replace(String name, UnaryOperator<String> change) {
    Path file = folder.resolve(name);
    try {
      String before = MoreFiles.asByteSource(file).hash(Hashing.sha256()).toString();
      long bytes = Files.size(file);
      rewrite(name, change);
      String after = MoreFiles.asByteSource(file).hash(Hashing.sha256()).toString();
      long size = Files.size(file);
      manifest(
          json ->
              json.replaceAll(
                  Pattern.quote(before) + "\",(\\s*)\"bytes\": " + bytes,
                  after + "\",$1\"bytes\": " + size));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void rewrite(String name, UnaryOperator<String> change) {
    Path file = folder.resolve(name);
    try {
      String before = Files.readString(file);
      String after = change.apply(before);
      if (after.equals(before)) {
        throw new IllegalStateException(name + " is as it was");
      }
      Files.writeString(file, after);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
