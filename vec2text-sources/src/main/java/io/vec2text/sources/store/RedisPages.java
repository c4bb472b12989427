package io.vec2text.sources.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.primitives.UnsignedLongs;
import io.vec2text.sources.Place;
import io.vec2text.sources.Row;
import io.vec2text.sources.internal.Components;
import io.vec2text.sources.internal.MalformedException;
import io.vec2text.sources.internal.Names;
import io.vec2text.sources.internal.OneLine;
import io.vec2text.sources.store.RespConnection.Bytes;
import io.vec2text.sources.store.RespConnection.Refusal;
import io.vec2text.sources.store.RespConnection.Replies;
import io.vec2text.sources.store.RespConnection.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Hashes of Redis whose keys begin with a prefix, in the order in which the server's table has
 * them. A page's token is the cursor of SCAN. Of a hash only the fields that are wanted are asked
 * for.
 */
final class RedisPages implements Pages {
  /** Hashes that are looked at to tell which field holds the vectors. */
  private static final int LOOKED_AT = 10;

  private static final int MIN_BYTES = 8;

  private final RedisClient client;
  private final RedisLocation location;
  private final StoreOptions options;
  private final Components components;
  private String vector = "";
  private boolean cluster;

  private RedisPages(RedisClient client, RedisLocation location, StoreOptions options) {
    this.client = client;
    this.location = location;
    this.options = options;
    components = new Components(options.reading().scale());
  }

  /** Keys that were scanned, and the cursor behind them. */
  private record Keys(List<byte[]> keys, String next) {
    boolean last() {
      return next.equals("0");
    }
  }

  static RedisPages open(RedisLocation location, StoreOptions options) throws IOException {
    RedisPages pages = new RedisPages(new RedisClient(location, options), location, options);
    boolean opened = false;
    try {
      pages.look();
      opened = true;
      return pages;
    } finally {
      if (!opened) {
        pages.close();
      }
    }
  }

  private void look() throws IOException {
    Reply information = client.askAll(List.of(RespConnection.command("INFO", "cluster"))).get(0);
    cluster = information instanceof Bytes bytes && bytes.text().contains("cluster_enabled:1");
    Keys first = scan("0");
    if (first.keys.isEmpty()) {
      throw new StoreException(
          location.name(),
          "is empty, expected hashes with vectors in database "
              + location.database()
              + (location.prefix().isEmpty() ? "" : " whose keys begin with " + location.prefix()));
    }
    vector = VectorFields.choose(location.name(), fields(first.keys), options);
  }

  /** The fields that may hold the vector, with their dimensions. */
  private Map<String, OptionalInt> fields(List<byte[]> keys) throws IOException {
    Map<String, OptionalInt> found = new LinkedHashMap<>();
    OptionalInt dimension = options.reading().dimension();
    for (byte[] key : keys.subList(0, Math.min(LOOKED_AT, keys.size()))) {
      if (!(client.ask(List.of("HKEYS".getBytes(UTF_8), key)) instanceof Replies names)) {
        throw client.unexpected("the names of fields");
      }
      List<List<byte[]>> questions = new ArrayList<>();
      List<String> called = new ArrayList<>();
      for (Reply name : names.list()) {
        if (name instanceof Bytes bytes && bytes.value() != null) {
          called.add(bytes.text());
          questions.add(List.of("HSTRLEN".getBytes(UTF_8), key, bytes.value()));
        }
      }
      List<Reply> lengths = client.askAll(questions);
      for (int i = 0; i < called.size(); i++) {
        long length = lengths.get(i) instanceof RespConnection.Whole number ? number.value() : 0;
        int size = BinaryVector.elementSize(length, dimension);
        boolean fits = dimension.isPresent() && length == (long) size * dimension.getAsInt();
        boolean wanted = options.reading().vectorField().filter(called.get(i)::equals).isPresent();
        if (wanted || fits || (Names.isVector(called.get(i)) && length >= MIN_BYTES)) {
          found.putIfAbsent(
              called.get(i),
              length % size == 0 && length / size < Integer.MAX_VALUE
                  ? OptionalInt.of((int) (length / size))
                  : OptionalInt.empty());
        }
      }
    }
    return found;
  }

  /** Scans until there are keys, or no more. */
  private Keys scan(String from) throws IOException {
    Keys scanned = scanOnce(from);
    while (scanned.keys.isEmpty() && !scanned.last()) {
      scanned = scanOnce(scanned.next);
    }
    return scanned;
  }

  private Keys scanOnce(String from) throws IOException {
    Reply reply =
        client
            .askAll(
                List.of(
                    RespConnection.command(
                        "SCAN",
                        from,
                        "MATCH",
                        location.prefix().replaceAll("[*?\\[\\]\\\\^]", "\\\\$0") + "*",
                        "COUNT",
                        Integer.toString(options.pageSize()),
                        "TYPE",
                        "hash")))
            .get(0);
    if (reply instanceof Refusal refusal) {
      throw refusal.text().contains("syntax error")
          ? new StoreException(
              location.name(), "does not know SCAN with TYPE, expected Redis 6 or later, or Valkey")
          : client.refused(refusal);
    }
    if (reply instanceof Replies parts
        && parts.list().size() == 2
        && parts.list().get(0) instanceof Bytes next
        && parts.list().get(1) instanceof Replies listed) {
      // A key may come twice while the server's table grows.
      Map<String, byte[]> keys = new LinkedHashMap<>();
      for (Reply key : listed.list()) {
        if (key instanceof Bytes bytes && bytes.value() != null) {
          keys.putIfAbsent(new String(bytes.value(), ISO_8859_1), bytes.value());
        }
      }
      return new Keys(List.copyOf(keys.values()), next.text());
    }
    throw client.unexpected("a cursor and keys");
  }

  @Override
  public Page read(Optional<String> token) throws IOException {
    Keys scanned = scan(cursor(token.orElse("0")));
    List<String> wanted = new ArrayList<>(new LinkedHashSet<>(wanted()));
    List<List<byte[]>> questions = new ArrayList<>();
    for (byte[] key : scanned.keys) {
      List<byte[]> question = new ArrayList<>(List.of("HMGET".getBytes(UTF_8), key));
      wanted.forEach(field -> question.add(field.getBytes(UTF_8)));
      questions.add(question);
    }
    List<Reply> replies = client.askAll(questions);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < scanned.keys.size(); i++) {
      Row row = row(scanned.keys.get(i), wanted, replies.get(i));
      if (row != null) {
        rows.add(row);
      }
    }
    return new Page(rows, scanned.last() ? Optional.empty() : Optional.of(scanned.next));
  }

  private String cursor(String token) throws StoreException {
    try {
      return UnsignedLongs.toString(UnsignedLongs.parseUnsignedLong(token));
    } catch (NumberFormatException e) {
      throw new StoreException(
          location.name(), "can't go on at what is no cursor of its reader", e);
    }
  }

  private List<String> wanted() {
    List<String> wanted = new ArrayList<>(List.of(vector));
    options.reading().idField().ifPresent(wanted::add);
    wanted.addAll(options.metadata());
    return wanted;
  }

  /** A row; null if there is no such hash any more. */
  private @Nullable Row row(byte[] key, List<String> wanted, Reply reply) throws IOException {
    Map<String, byte[]> values = new LinkedHashMap<>();
    if (reply instanceof Replies found && found.list().size() == wanted.size()) {
      for (int i = 0; i < wanted.size(); i++) {
        if (found.list().get(i) instanceof Bytes bytes && bytes.value() != null) {
          values.put(wanted.get(i), bytes.value());
        }
      }
    } else if (!(reply instanceof Refusal refusal && refusal.is("WRONGTYPE"))) {
      throw reply instanceof Refusal refusal
          ? client.refused(refusal)
          : client.unexpected("the values of fields");
    }
    if (!values.containsKey(vector) && !isHash(key)) {
      return null;
    }
    String id =
        options
            .reading()
            .idField()
            .map(values::get)
            .map(bytes -> new String(bytes, UTF_8))
            .orElseGet(() -> new String(key, UTF_8));
    Place place = Place.UNKNOWN.withId(id);
    components.clear();
    try {
      byte[] bytes = values.get(vector);
      if (bytes == null || bytes.length == 0) {
        throw new MalformedException("has no vector");
      }
      BinaryVector.read(bytes, options.reading().dimension(), components);
      return components.toRow(place).with(metadata(values));
    } catch (MalformedException e) {
      return new Row.Malformed("record " + id + ": " + OneLine.reason(e), place);
    }
  }

  private boolean isHash(byte[] key) throws IOException {
    return client.ask(List.of("TYPE".getBytes(UTF_8), key)) instanceof RespConnection.Status type
        && type.text().equals("hash");
  }

  private Map<String, String> metadata(Map<String, byte[]> values) {
    Map<String, String> metadata = new LinkedHashMap<>();
    for (String name : options.metadata()) {
      byte[] value = values.get(name);
      if (value != null) {
        metadata.put(name, new String(value, UTF_8));
      }
    }
    return metadata;
  }

  @Override
  public String description() {
    return "vectors from field `"
        + vector
        + "` of hashes, ids from "
        + options.reading().idField().map(field -> "`" + field + "`").orElse("their keys")
        + (cluster ? "; it is one node of a cluster, of which others hold other records" : "");
  }

  @Override
  public void close() {
    client.close();
  }
}
