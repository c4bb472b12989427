package io.vec2text.sources.store;

import com.google.common.base.CharMatcher;
import com.google.common.base.Strings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a store knows its reader by. The secret shows in no message. */
public final class Credentials {
  private static final int MAX_BYTES = 1 << 16;
  private static final CharMatcher VISIBLE = CharMatcher.inRange(' ', '~');
  private static final Set<PosixFilePermission> OWNER =
      Set.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  /** No credentials. */
  public static final Credentials NONE = new Credentials("", null, null);

  private final String origin;
  private final @Nullable String user;
  private final @Nullable String secret;

  private Credentials(String origin, @Nullable String user, @Nullable String secret) {
    this.origin = origin;
    this.user = user;
    this.secret = secret;
  }

  /**
   * A key, token or password in an environment variable.
   *
   * @throws StoreException if the variable is not set
   */
  public static Credentials ofVariable(String variable) throws StoreException {
    return ofVariable(variable, System::getenv);
  }

  static Credentials ofVariable(String variable, UnaryOperator<@Nullable String> environment)
      throws StoreException {
    String origin = "the environment variable " + variable;
    String value = Strings.nullToEmpty(environment.apply(variable)).strip();
    if (value.isEmpty()) {
      throw new StoreException(origin, "is not set, expected the key or password of the store");
    }
    return new Credentials(origin, null, value);
  }

  /**
   * A key, token or password in a file that its owner alone can read.
   *
   * @throws StoreException if others may read it, or it is empty
   */
  public static Credentials ofFile(Path file) throws IOException {
    String name = file.toString();
    if (!Files.exists(file)) {
      throw new NoSuchFileException(name);
    }
    if (Files.getFileStore(file).supportsFileAttributeView("posix")
        && !OWNER.containsAll(Files.getPosixFilePermissions(file))) {
      throw new StoreException(
          name, "can be read by others, expected a file for you alone: chmod 600 " + name);
    }
    if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
      throw new StoreException(name, "is not a file with a key or password");
    }
    String value = Files.readString(file, StandardCharsets.UTF_8).strip();
    if (value.isEmpty()) {
      throw new StoreException(name, "is empty, expected the key or password of the store");
    }
    return new Credentials(name, null, value);
  }

  /** The same with the name of a user, whose password the secret is then. */
  public Credentials user(String name) {
    return new Credentials(origin, name, secret);
  }

  /** The user, where the secret is a password. */
  Optional<String> user() {
    return Optional.ofNullable(user);
  }

  Optional<String> secret() {
    return Optional.ofNullable(secret);
  }

  /** Where the secret came from; empty without one. */
  String origin() {
    return origin;
  }

  /** The secret where a header is to hold it. */
  Optional<String> headerSecret() throws StoreException {
    if (secret != null && !VISIBLE.matchesAllOf(secret)) {
      throw new StoreException(
          origin, "holds characters that no header can have, expected visible ASCII characters");
    }
    return secret();
  }

  /** A text without the secret, should it hold it. */
  String redact(String text) {
    return secret == null ? text : text.replace(secret, "***");
  }

  @Override
  public String toString() {
    return "Credentials[" + (secret == null ? "none" : origin) + "]";
  }
}
