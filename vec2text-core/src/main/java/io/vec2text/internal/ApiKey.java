package io.vec2text.internal;

import com.google.common.base.Ascii;
import com.google.common.base.CharMatcher;
import com.google.common.base.Strings;
import io.vec2text.Vec2TextException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The secret that an endpoint knows its customer by. It shows in no message. */
public final class ApiKey {
  private static final CharMatcher VISIBLE = CharMatcher.inRange('!', '~');
  private static final int MAX_QUOTE = 300;

  private final String variable;
  private final String secret;

  private ApiKey(String variable, String secret) {
    this.variable = variable;
    this.secret = secret;
  }

  /**
   * Reads a key from the environment.
   *
   * @param environment the values of environment variables by name, null for those not set
   * @throws Vec2TextException if the variable is not set, or holds what can't be a key
   */
  public static ApiKey of(String variable, UnaryOperator<@Nullable String> environment) {
    String secret = Strings.nullToEmpty(environment.apply(variable)).strip();
    if (secret.isEmpty()) {
      throw new Vec2TextException(
          "the environment variable "
              + variable
              + " is not set, expected the key of the endpoint; call withoutKey() if it asks for"
              + " none");
    }
    // Checked here, because the HTTP client would quote it in its own complaint.
    if (!VISIBLE.matchesAllOf(secret)) {
      throw new Vec2TextException(
          "the environment variable "
              + variable
              + " holds characters that no key has, expected visible ASCII characters");
    }
    return new ApiKey(variable, secret);
  }

  /** The variable that it came from. */
  public String variable() {
    return variable;
  }

  /** The value of the header {@code Authorization}. */
  public String authorization() {
    return "Bearer " + secret;
  }

  /** A text without the key, should it hold it. */
  public String redact(String text) {
    return text.replace(secret, "***");
  }

  /**
   * What came from outside, fit for a message: one line, not too long, without the key.
   *
   * @param key null for none
   */
  public static String quote(@Nullable ApiKey key, String text) {
    String line = CharMatcher.javaIsoControl().replaceFrom(text, ' ');
    return Ascii.truncate(key == null ? line : key.redact(line), MAX_QUOTE, "...");
  }

  @Override
  public String toString() {
    return "ApiKey[" + variable + "]";
  }
}
