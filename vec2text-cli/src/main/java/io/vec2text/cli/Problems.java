package io.vec2text.cli;

import io.vec2text.Vec2TextException;
import io.vec2text.sources.VectorFileException;
import io.vec2text.sources.store.StoreException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Tells a problem in one line. */
final class Problems {
  private static final int MAX_LENGTH = 500;

  private Problems() {}

  /** What a problem is, for somebody who does not know the code. */
  static String describe(Throwable e) {
    if (e instanceof UncheckedIOException unchecked) {
      return describe(Objects.requireNonNullElse(unchecked.getCause(), unchecked));
    }
    if (e instanceof FileSystemException file) {
      return file.getFile() + ": " + reason(file);
    }
    if (e instanceof InvalidPathException path) {
      return Locales.describe(path);
    }
    String message = e.getMessage();
    boolean plain =
        e instanceof CliException
            || e.getClass().equals(IOException.class)
            || e instanceof VectorFileException
            || e instanceof StoreException
            || e instanceof InterruptedIOException
            || e instanceof Vec2TextException
            || e instanceof IllegalArgumentException;
    if (plain && message != null) {
      return message;
    }
    return e.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }

  private static String reason(FileSystemException e) {
    if (e instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "exists already";
    }
    if (e instanceof NotDirectoryException) {
      return "not a directory";
    }
    String reason = e.getReason();
    return reason == null ? e.getClass().getSimpleName() : reason;
  }

  /** A message as one line of reasonable length under the command's name. */
  static String line(@Nullable String message) {
    String text = message == null ? "" : message.strip();
    StringBuilder line = new StringBuilder("vec2text: ");
    for (int i = 0; i < text.length() && i < MAX_LENGTH; i++) {
      char c = text.charAt(i);
      line.append(Character.isISOControl(c) ? ' ' : c);
    }
    return line + (text.length() > MAX_LENGTH ? "..." : "");
  }

  /** Refuses a path at which there is nothing. */
  static void requireExists(Path path) throws NoSuchFileException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
  }

  /** Refuses the command line unless a condition holds. */
  static void require(CommandSpec spec, boolean condition, String message) {
    if (!condition) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }
}
