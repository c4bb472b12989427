package io.vec2text.onnx;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How the files of a package in a directory are checked before they are used.
 *
 * @param trusting whether a file that has matched its hash is trusted from then on, by this and
 *     later processes of the same user, as long as its path, size and time of change stay the same.
 *     That is weaker: whoever can write the file can set its time.
 * @param manifest SHA-256 that the manifest itself must have, in 64 lower-case hexadecimal digits,
 *     where the caller knows it from elsewhere; as the manifest has the hash of every file, that
 *     pins the package
 */
public record Verification(boolean trusting, Optional<String> manifest) {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /** Checks the argument. */
  public Verification {
    manifest.ifPresent(
        hash ->
            checkArgument(
                SHA256.matcher(hash).matches(),
                "a SHA-256 has 64 lower-case hexadecimal digits, was \"%s\"",
                hash));
  }

  /** Every file's hash, on each open; the default. */
  public static Verification always() {
    return new Verification(false, Optional.empty());
  }

  /** Every file's hash, unless it matched before and the file looks untouched since. */
  public static Verification once() {
    return new Verification(true, Optional.empty());
  }

  /** The same, and the manifest's own hash as well. */
  public Verification pinned(String manifestSha256) {
    return new Verification(trusting, Optional.of(manifestSha256));
  }
}
