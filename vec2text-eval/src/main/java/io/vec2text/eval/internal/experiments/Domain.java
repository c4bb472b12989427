package io.vec2text.eval.internal.experiments;

import static com.google.common.base.Preconditions.checkArgument;

import io.vec2text.eval.EvaluationSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A style of text, in a file of one text a line.
 *
 * @param name what to call it
 * @param file the file
 * @param sha256 the hash that it must have, if it is given
 */
public record Domain(String name, Path file, Optional<String> sha256) {
  /** What {@link #parse} reads, for messages and help. */
  public static final String FORM = "NAME=FILE or NAME=FILE#SHA256";

  private static final Pattern PARTS = Pattern.compile("([^=]+)=(.+?)(?:#(\\p{XDigit}{64}))?");

  /**
   * Reads {@code NAME=FILE} or {@code NAME=FILE#SHA256}.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static Domain parse(String text) {
    Matcher parts = PARTS.matcher(text);
    checkArgument(parts.matches(), "a domain must be %s, was \"%s\"", FORM, text);
    return new Domain(parts.group(1), Path.of(parts.group(2)), Optional.ofNullable(parts.group(3)));
  }

  EvaluationSet read() throws IOException {
    return sha256.isPresent() ? EvaluationSet.read(file, sha256.get()) : EvaluationSet.read(file);
  }
}
