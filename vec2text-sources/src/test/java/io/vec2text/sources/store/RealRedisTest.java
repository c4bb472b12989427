package io.vec2text.sources.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vec2text.sources.Row;
import io.vec2text.sources.VectorReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Redis, where {@code tools/test-stores} has started one. */
@EnabledIfSystemProperty(named = "vec2text.store.redis", matches = "redis://.*")
final class RealRedisTest extends RedisContract {
  private static final String PASSWORD = "VEC2TEXT_STORE_PASSWORD";

  private RedisClient writer;

  @Override
  String server() {
    return System.getProperty("vec2text.store.redis") + "/2";
  }

  @Override
  StoreOptions.Builder options() {
    try {
      return super.options().credentials(Credentials.ofVariable(PASSWORD));
    } catch (StoreException e) {
      throw new IllegalStateException(e);
    }
  }

  private RedisClient writer() throws Exception {
    if (writer == null) {
      writer = new RedisClient(RedisLocation.parse(server()), options().build());
    }
    return writer;
  }

  @AfterEach
  void close() throws Exception {
    clear();
    writer().close();
  }

  @Override
  void put(String key, Map<String, byte[]> fields) throws Exception {
    List<byte[]> command = new ArrayList<>(RespConnection.command("HSET", key));
    fields.forEach(
        (name, value) -> {
          command.add(bytes(name));
          command.add(value);
        });
    writer().ask(command);
  }

  @Override
  void clear() throws Exception {
    writer().ask(RespConnection.command("FLUSHDB"));
  }

  @Test
  void wrongCredentialsAreOneLineWithoutThem() throws Exception {
    put("a", Map.of("v", float32(1, 2)));
    Credentials wrong = Credentials.ofVariable("X", v -> "s3cret");
    saysOneLine(
        () -> read(source("", options().credentials(wrong).build())),
        "WRONGPASS",
        "environment variable X");
    saysOneLine(
        () -> read(source("", options().credentials(Credentials.NONE).build())),
        "NOAUTH",
        "asks for credentials");
  }

  @Test
  void aReaderNeedsFewRights() throws Exception {
    String prefix = prefix();
    put(prefix, Map.of("v", float32(1, 2, 3, 4, 5, 6, 7, 8)));
    put("secret", Map.of("v", float32(1, 2, 3, 4, 5, 6, 7, 8)));
    writer()
        .ask(
            RespConnection.command(
                "ACL",
                "SETUSER",
                "reader",
                "on",
                ">s3cret",
                "resetkeys",
                "~" + prefix + "*",
                "-@all",
                "+info",
                "+select",
                "+scan",
                "+type",
                "+hkeys",
                "+hstrlen",
                "+hmget"));
    Credentials reader = Credentials.ofVariable("X", v -> "s3cret").user("reader");
    assertThat(read(source(prefix, options().credentials(reader).build()))).hasSize(1);
    saysOneLine(
        () -> read(source("secret", options().credentials(reader).build())),
        "NOPERM",
        "allows too little");
  }

  @Test
  void readsEveryRecordWhileTheTableGrows() throws Exception {
    String prefix = prefix();
    Set<String> there = new HashSet<>();
    for (int i = 0; i < 500; i++) {
      put(prefix + i, Map.of("v", float32(i, 2, 3, 4, 5, 6, 7, 8)));
      there.add(prefix + i);
    }
    writer().ask(RespConnection.command("SET", prefix, "no hash"));
    Set<String> read = new HashSet<>();
    try (VectorReader reader = source(prefix, options().build()).open()) {
      for (Row row = reader.next(); row != null; row = reader.next()) {
        assertThat(row).isInstanceOf(Row.Vector.class);
        read.add(row.place().id().orElseThrow());
        if (read.size() == 100) {
          for (int i = 0; i < 3000; i++) {
            put("other" + prefix + i, Map.of("x", bytes("y")));
          }
        }
      }
    }
    assertThat(read).isEqualTo(there);
  }
}
