package io.vec2text.sources.store;

import io.vec2text.internal.ApiUrl;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where vectors are in Redis: {@code redis://host:port/database/prefix}, or {@code rediss} for TLS.
 *
 * @param name the location as messages name it
 * @param tls whether the connection is encrypted
 * @param host name or address of the server
 * @param database number of the database, from 0
 * @param prefix what keys begin with; empty for all
 */
record RedisLocation(String name, boolean tls, String host, int port, int database, String prefix) {
  private static final int PORT = 6379;
  private static final Pattern PATH = Pattern.compile("(?:/(\\d{1,9})(?=/|$))?(?:/(.*))?");

  /** Whether a text is such a location. */
  static boolean accepts(String location) {
    String start = location.toLowerCase(Locale.ROOT);
    return start.startsWith("redis://") || start.startsWith("rediss://");
  }

  /**
   * Parses a location.
   *
   * @throws StoreException if it is none
   */
  static RedisLocation parse(String location) throws StoreException {
    String name = Location.name(location);
    URI uri = Location.uri(location, "redis://host:6379/database/prefix");
    if (uri.getRawUserInfo() != null || uri.getRawQuery() != null) {
      throw new StoreException(
          name,
          "has more than redis://host:port/database/prefix; a user is named apart (--user NAME)");
    }
    Matcher path = PATH.matcher(uri.getRawPath());
    boolean matched = path.matches();
    String number = matched ? path.group(1) : null;
    String prefix = matched ? path.group(2) : null;
    return new RedisLocation(
        name,
        uri.getScheme().equalsIgnoreCase("rediss"),
        uri.getHost(),
        uri.getPort() < 0 ? PORT : uri.getPort(),
        number == null ? 0 : Integer.parseInt(number),
        prefix == null ? "" : Location.decode(prefix));
  }

  /** Whether nobody on the way can read what is sent. */
  boolean isPrivate() {
    return tls || ApiUrl.isThisMachine(host);
  }

  /** The host as sockets and certificates have it. */
  String bareHost() {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }
}
