package io.vec2text.sources.store;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import io.vec2text.sources.internal.OneLine;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Where a collection is that is read over HTTP: {@code SCHEME+http(s)://host:port/path/collection}.
 *
 * @param name the location as messages name it, without its query
 * @param scheme the kind of store, in lower case
 * @param base scheme, host, port and path before the collection, without a slash at the end
 * @param collection the last segment of the path; empty if there is none
 * @param parameters what the query says
 */
record Location(
    String name, String scheme, URI base, String collection, Map<String, String> parameters) {
  /** {@code //user:password@host}, and {@code user/password@host} as Oracle has it. */
  private static final Pattern USER_INFO =
      Pattern.compile("(//)[^/@?;]*:[^/@?;]*@|((?i)oracle:[a-z0-9]+:)[^/@?;]+/[^/@?;]*@");

  private static final Pattern SECRET =
      Pattern.compile("(?i)(password|passwd|pwd|passphrase|secret|token|api[_-]?key)=[^&;]+");

  /**
   * Parses a location.
   *
   * @throws StoreException if it is none
   */
  static Location parse(String location) throws StoreException {
    String name = name(location);
    URI uri = uri(location, "SCHEME+http://host:port/collection");
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceFirst("/+$", "");
    int slash = path.lastIndexOf('/');
    String before = slash < 0 ? "" : path.substring(0, slash);
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    return new Location(
        name,
        scheme.substring(0, scheme.indexOf('+')),
        URI.create(
            scheme.substring(scheme.indexOf('+') + 1) + "://" + uri.getHost() + port + before),
        decode(path.substring(slash + 1)),
        parameters(uri.getRawQuery() == null ? "" : uri.getRawQuery()));
  }

  /**
   * A location as a URI that names a host.
   *
   * @param expected what locations of this kind look like
   * @throws StoreException if it is none
   */
  static URI uri(String location, String expected) throws StoreException {
    URI uri;
    try {
      uri = new URI(location);
    } catch (URISyntaxException e) {
      throw new StoreException(
          name(location),
          "is no location: " + e.getReason() + "; write other characters as %20 and so on");
    }
    if (uri.getHost() == null) {
      throw new StoreException(name(location), "names no host, expected " + expected);
    }
    return uri;
  }

  private static Map<String, String> parameters(String query) {
    ImmutableMap.Builder<String, String> parameters = ImmutableMap.builder();
    for (String pair : Splitter.on('&').omitEmptyStrings().split(query)) {
      List<String> parts = Splitter.on('=').limit(2).splitToList(pair);
      parameters.put(decode(parts.get(0)), parts.size() == 1 ? "" : decode(parts.get(1)));
    }
    return parameters.buildKeepingLast();
  }

  /** A part of a location as it was before it was escaped. */
  static String decode(String text) {
    // In a location, unlike in a form, a plus sign is one.
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** The collection, where there must be one. */
  String requireCollection(String what) throws StoreException {
    if (collection.isEmpty()) {
      throw new StoreException(
          name, "names no " + what + ", expected " + scheme + "+http://host:port/" + what);
    }
    return collection;
  }

  /** A parameter of the query, or what it is without one. */
  String parameter(String parameter, String otherwise) {
    return parameters.getOrDefault(parameter, otherwise);
  }

  /** Headers that every request has at stores of this kind. */
  Map<String, String> headers() {
    return scheme.equals("pinecone") ? Map.of("X-Pinecone-Api-Version", "2025-04") : Map.of();
  }

  /** What to call a location in messages: without what may be a secret. */
  static String name(String location) {
    String plain = USER_INFO.matcher(location).replaceAll("$1$2");
    return OneLine.of(plain.split("[?;]", 2)[0]);
  }

  /**
   * Refuses a location with credentials in it: command lines are seen by others and kept in
   * histories.
   */
  static void refuseSecrets(String location) throws StoreException {
    if (USER_INFO.matcher(location).find() || SECRET.matcher(location).find()) {
      throw new StoreException(
          name(location),
          "the location holds a password or a key, which others could see; give it by an"
              + " environment variable or a file that only you can read, and the user's name"
              + " apart");
    }
  }
}
