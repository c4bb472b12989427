package io.vec2text.cli;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files that a command reads, over none of which it may write. */
final class Inputs {
  /** Folders in a model package are not deeper. */
  private static final int DEPTH = 3;

  private final List<Path> files = new ArrayList<>();

  /** Adds a file, if there is one. */
  @CanIgnoreReturnValue
  Inputs file(@Nullable Path file) {
    if (file != null) {
      files.add(file);
    }
    return this;
  }

  /**
   * Adds files of a folder, if there is one.
   *
   * @param glob pattern of their names
   */
  @CanIgnoreReturnValue
  Inputs folder(@Nullable Path folder, String glob) throws IOException {
    if (folder != null && Files.isDirectory(folder)) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, glob)) {
        found.forEach(files::add);
      }
    }
    return this;
  }

  /** Adds the files of a model package, if it is one in a directory. */
  @CanIgnoreReturnValue
  Inputs model(Path directory) throws IOException {
    if (Files.isRegularFile(directory.resolve("manifest.json"))) {
      try (Stream<Path> found =
          Files.find(directory, DEPTH, (file, attributes) -> !attributes.isDirectory())) {
        found.forEach(files::add);
      }
    }
    return this;
  }

  /**
   * Refuses to write to a file that is read: the very file, by whatever name or link.
   *
   * @throws CliException if it is one
   */
  void refuse(Path output) throws IOException {
    if (!Files.isRegularFile(output)) {
      return;
    }
    for (Path file : files) {
      if (Files.exists(file) && Files.isSameFile(file, output)) {
        String named = file.equals(output) ? "" : " " + file;
        throw new CliException(output + ": is the input" + named + ", can't be the output too");
      }
    }
  }
}
