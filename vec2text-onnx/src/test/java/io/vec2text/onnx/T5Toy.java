package io.vec2text.onnx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/** The toy checkpoint that {@code training/tools/t5_toy.py} makes, converted. */
final class T5Toy {
  private T5Toy() {}

  /** The package. */
  static Path folder() {
    return folder("t5-toy");
  }

  /** A folder of the test resources. */
  static Path folder(String name) {
    try {
      return Path.of(Objects.requireNonNull(T5Toy.class.getResource(name)).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A copy of the package, to damage. */
  static Path copyTo(Path folder) {
    try (Stream<Path> files = Files.list(folder())) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
