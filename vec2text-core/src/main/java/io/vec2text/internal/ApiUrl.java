package io.vec2text.internal;

import static com.google.common.base.Preconditions.checkArgument;

import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Addresses of APIs, and what may be sent to them. */
public final class ApiUrl {
  private static final Set<String> SCHEMES = Set.of("http", "https");

  private ApiUrl() {}

  /**
   * Reads the address that the paths of an API are appended to.
   *
   * @param name what messages call it; they do not quote it, as it may hold a password
   * @return the address without a slash at its end
   * @throws IllegalArgumentException if it is no http or https URL with a host, or has user name,
   *     query or fragment
   */
  public static URI parse(String name, String url) {
    String problem = name + " is not of the form http(s)://host[:port][/path]";
    URI uri;
    try {
      uri = URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(problem);
    }
    checkArgument(
        SCHEMES.contains(String.valueOf(uri.getScheme()))
            && uri.getHost() != null
            && uri.getUserInfo() == null
            && uri.getQuery() == null
            && uri.getFragment() == null,
        problem);
    return uri;
  }

  /** Whether what is sent there can be read by nobody on the way: by https, or to this machine. */
  public static boolean isPrivate(URI uri) {
    return uri.getScheme().equals("https") || isThisMachine(uri.getHost());
  }

  /** Whether a host, as a URI has it, is this machine. */
  public static boolean isThisMachine(String host) {
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || host.startsWith("127.")
        || host.equals("[::1]");
  }

  /**
   * Refuses to send a key unencrypted to another machine.
   *
   * @param key null for none
   * @param expected what to do instead
   * @throws IllegalArgumentException if it would be
   */
  public static void check(URI uri, @Nullable ApiKey key, String expected) {
    checkArgument(
        key == null || isPrivate(uri),
        "a key would go unencrypted to %s, expected %s",
        uri,
        expected);
  }
}
