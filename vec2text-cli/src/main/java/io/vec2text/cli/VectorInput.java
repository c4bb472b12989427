package io.vec2text.cli;

import io.vec2text.sources.store.Stores;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;

/**
 * What a command line names as vectors: a file, standard input, or the location of a store.
 *
 * @param text as it was given
 * @param file the file; empty if it is something else
 * @param isStore whether it is the location of a store
 */
record VectorInput(String text, Optional<Path> file, boolean isStore) {
  private static final String STANDARD_INPUT = "-";
  private static final Pattern DATABASE_FILE =
      Pattern.compile("(?i)jdbc:(?:sqlite|duckdb):(?:file:)?([^?;:]+)(?:[?;].*)?");

  /** Tells what is meant. */
  static VectorInput of(String text) {
    if (text.equals(STANDARD_INPUT)) {
      return new VectorInput(text, Optional.empty(), false);
    }
    return Stores.isLocation(text)
        ? new VectorInput(text, Optional.empty(), true)
        : new VectorInput(text, Optional.of(Locales.path(text)), false);
  }

  /** The file that is read: the one that was named, or that of an embedded database. */
  Optional<Path> readFile() {
    Matcher database = DATABASE_FILE.matcher(text);
    return isStore && database.matches() ? Optional.of(Path.of(database.group(1))) : file;
  }

  /** For picocli. */
  static final class Parser implements ITypeConverter<VectorInput> {
    /** For picocli. */
    Parser() {}

    @Override
    public VectorInput convert(String text) {
      return of(text);
    }
  }
}
