package io.vec2text.sources.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vec2text.Cancellation;
import io.vec2text.sources.Row;
import io.vec2text.sources.VectorReader;
import io.vec2text.sources.VectorSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Redis, played by a small server. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class RedisTest extends RedisContract {
  private FakeRedis redis;

  @BeforeEach
  void start() throws IOException {
    redis = new FakeRedis();
  }

  @AfterEach
  void stop() {
    redis.close();
  }

  @Override
  String server() {
    return "redis://localhost:" + redis.port() + "/3";
  }

  @Override
  void put(String key, Map<String, byte[]> fields) {
    redis.put(key, fields);
  }

  @Override
  void clear() {
    redis.clear();
  }

  private static Credentials password() throws StoreException {
    return Credentials.ofVariable("STORE_KEY", variable -> "s3cret");
  }

  @Test
  void readsAndNothingElse() throws Exception {
    StoreOptions options = options().credentials(password().user("reader")).build();
    assertThat(read(filled(items(13), options))).hasSize(13);
    assertThat(redis.commands.stream().map(command -> command.split(" ", -1)[0]).distinct())
        .containsExactly("AUTH", "SELECT", "INFO", "SCAN", "HKEYS", "HSTRLEN", "HMGET");
    assertThat(redis.commands).startsWith("AUTH reader s3cret", "SELECT 3");
    assertThat(redis.commands)
        .noneMatch(command -> command.startsWith("HMGET") && command.contains("body"));
  }

  @Test
  void asksAgainWhereThatMayHelp() throws Exception {
    List<Item> items = items(13);
    read(filled(items, options().build()));
    int commands = redis.commands.size();
    for (int i = 0; i < commands; i++) {
      for (String fault : List.of("-LOADING Redis is loading the dataset", FakeRedis.CUT)) {
        redis.close();
        redis = new FakeRedis();
        VectorSource source = filled(items, options().build());
        for (int j = 0; j < i; j++) {
          redis.then(FakeRedis.AS_USUAL);
        }
        redis.then(fault);
        assertThat(read(source)).as("%s at %d", fault, i).hasSize(13);
      }
    }
  }

  @Test
  void aStoreThatVanishesIsOneLineAndLosesNothingBefore() throws Exception {
    VectorSource source = filled(items(13), options().retries(2).build());
    try (VectorReader reader = source.open()) {
      assertThat(reader.next()).isInstanceOf(Row.Vector.class);
      redis.close();
      saysOneLine(() -> rest(reader), source.name(), "connection was lost", "3 attempts");
    }
    saysOneLine(() -> read(source), source.name(), "can't connect");
  }

  @Test
  void recordsThatGoMeanwhileAreLeftOut() throws Exception {
    VectorSource source = filled(items(13), options().pageSize(6).build());
    try (VectorReader reader = source.open()) {
      reader.next();
      redis.remove(id(12));
      assertThat(rest(reader)).hasSize(11).hasOnlyElementsOfType(Row.Vector.class);
    }
  }

  @Test
  void aKeyThatComesTwiceInAPageIsOneRecord() throws Exception {
    VectorSource source = filled(items(1), options().build());
    String key = id(0);
    String twice = "$" + key.length() + "\r\n" + key + "\r\n";
    String page = "*2\r\n$1\r\n0\r\n*2\r\n" + twice + twice.strip();
    for (int i = 0; i < 6; i++) {
      redis.then(FakeRedis.AS_USUAL); // to choose the database and the field
    }
    redis.then(page);
    assertThat(read(source)).hasSize(1);
  }

  @Test
  void wrongCredentialsAreOneLineWithoutThem() throws Exception {
    VectorSource open = filled(items(3), options().build());
    redis.then(FakeRedis.AS_USUAL, "-NOAUTH Authentication required.");
    saysOneLine(() -> read(open), "NOAUTH", "asks for credentials", "--key");
    VectorSource closed = filled(items(3), options().credentials(password()).build());
    redis.then("-WRONGPASS invalid username-password pair s3cret");
    saysOneLine(
        () -> read(closed), "does not accept what the environment variable STORE_KEY holds");
    redis.then("-ERR AUTH <password> called without any password configured");
    saysOneLine(() -> read(closed), "without any password");
    redis.then(
        FakeRedis.AS_USUAL,
        FakeRedis.AS_USUAL,
        FakeRedis.AS_USUAL,
        "-NOPERM this user has no permissions to run the 'scan' command");
    saysOneLine(() -> read(closed), "'scan'", "allows too little");
  }

  @Test
  void sendsNoPasswordWithoutEncryptionToOthers() throws Exception {
    StoreOptions options = options().credentials(password()).build();
    saysOneLine(
        () -> read(Stores.source("redis://192.0.2.1/x", options)),
        "without encryption",
        "rediss://");
  }

  @Test
  void whatIsNoLocationIsOneLine() {
    StoreOptions options = options().build();
    saysOneLine(() -> Stores.source("redis://u:s3cret@localhost/0", options), "holds a password");
    saysOneLine(() -> Stores.source("redis://u@localhost/0", options), "--user NAME");
    saysOneLine(() -> Stores.source("redis:///0", options), "names no host");
    saysOneLine(() -> Stores.source("redis://localhost/a b", options), "%20");
    saysOneLine(
        () -> Stores.source("redis://localhost", options().table("t").build()), "no tables");
  }

  @Test
  void aPathIsADatabaseAndAPrefix() throws Exception {
    assertThat(RedisLocation.parse("redis://h"))
        .isEqualTo(new RedisLocation("redis://h", false, "h", 6379, 0, ""));
    assertThat(RedisLocation.parse("REDISS://h:1/7/"))
        .isEqualTo(new RedisLocation("REDISS://h:1/7/", true, "h", 1, 7, ""));
    assertThat(RedisLocation.parse("redis://h/7").database()).isEqualTo(7);
    assertThat(RedisLocation.parse("redis://h/doc:").prefix()).isEqualTo("doc:");
    assertThat(RedisLocation.parse("redis://h/7a/b").prefix()).isEqualTo("7a/b");
    assertThat(RedisLocation.parse("redis://h/2/7%20/b+c/").prefix()).isEqualTo("7 /b+c/");
    assertThat(Stores.isLocation("redis://h")).isTrue();
  }

  @Test
  void whatIsNoRedisIsOneLine() throws Exception {
    VectorSource source = filled(items(3), options().retries(0).build());
    redis.then(FakeRedis.AS_USUAL, "HTTP/1.1 400 Bad Request");
    saysOneLine(() -> read(source), "no reply of the protocol of Redis");
    redis.then(FakeRedis.AS_USUAL, "$99999999999");
    saysOneLine(() -> read(source), "a value of 99999999999 bytes");
    redis.then(FakeRedis.AS_USUAL, FakeRedis.AS_USUAL, "+OK");
    saysOneLine(() -> read(source), "is it Redis?");
    redis.then(FakeRedis.AS_USUAL, FakeRedis.AS_USUAL, "-ERR syntax error");
    saysOneLine(() -> read(source), "Redis 6 or later");
    redis.then(FakeRedis.AS_USUAL, "*99999999");
    saysOneLine(() -> read(source), "more parts");
  }

  @Test
  void waitsNoLongerThanItShould() throws Exception {
    VectorSource slow =
        filled(items(3), options().retries(0).timeout(Duration.ofMillis(300)).build());
    redis.then(FakeRedis.SILENCE);
    saysOneLine(() -> read(slow), "no whole answer within 300 ms");
    Cancellation cancellation = new Cancellation();
    VectorSource source = filled(items(3), options().cancellation(cancellation).build());
    cancellation.cancel();
    assertThatThrownBy(source::open).isInstanceOf(InterruptedIOException.class);
  }

  @Test
  void aNodeOfAClusterSaysSo() throws Exception {
    VectorSource source = filled(items(3), options().build());
    redis.then(FakeRedis.AS_USUAL, "$17\r\ncluster_enabled:1");
    try (VectorReader reader = source.open()) {
      assertThat(reader.description())
          .endsWith("one node of a cluster, of which others hold other records");
    }
  }
}
