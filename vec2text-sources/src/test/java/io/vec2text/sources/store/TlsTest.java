package io.vec2text.sources.store;

import static io.vec2text.sources.store.VectorSourceContract.saysOneLine;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.vec2text.sources.VectorReader;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections to stores whose certificates nobody knows, or know another host. */
final class TlsTest {
  private static final String PASSWORD = "password";
  private static final String ANSWER =
      "{\"result\":{\"config\":{\"params\":{\"vectors\":{\"size\":1}}},\"points\":"
          + "[{\"id\":1,\"vector\":[1]}]},\"status\":\"ok\"}";

  @TempDir private static Path folder;
  private static Path pem;

  private HttpsServer server;
  private SSLContext context;
  private int requests;

  @BeforeAll
  static void makeKeys() throws Exception {
    pem = folder.resolve("ca.pem");
    keytool("-genkeypair", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "san=dns:localhost");
    keytool("-exportcert", "-rfc", "-file", pem.toString());
  }

  @BeforeEach
  void start() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(folder.resolve("keys.p12"))) {
      store.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, PASSWORD.toCharArray());
    context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext(
        "/",
        exchange -> {
          requests++;
          exchange.getRequestBody().readAllBytes();
          byte[] bytes = ANSWER.getBytes(UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  private static void keytool(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    command.addAll(List.of(arguments));
    command.addAll(
        List.of(
            "-alias",
            "key",
            "-keystore",
            folder.resolve("keys.p12").toString(),
            "-storepass",
            PASSWORD));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String location(String host) {
    return "qdrant+https://" + host + ":" + server.getAddress().getPort() + "/c";
  }

  private static void open(String location, StoreOptions.Builder options) throws Exception {
    try (VectorReader reader = Stores.source(location, options.build()).open()) {
      assertThat(reader.next()).isNotNull();
    }
  }

  @Test
  void aCertificateThatNobodyKnowsIsRefused() {
    saysOneLine(
        () -> open(location("localhost"), StoreOptions.builder()),
        "no secure connection",
        "--ca-certificate");
    assertThat(requests).isZero();
  }

  @Test
  void itsAuthorityCanBeNamed() throws Exception {
    open(location("localhost"), StoreOptions.builder().caCertificate(pem));
    assertThat(requests).isEqualTo(2);
  }

  @Test
  void aCertificateOfAnotherHostIsRefused() {
    saysOneLine(
        () -> open(location("127.0.0.1"), StoreOptions.builder().caCertificate(pem)),
        "no secure connection");
    assertThat(requests).isZero();
  }

  @Test
  void redisIsReadOverTlsAlone() throws Exception {
    try (FakeRedis redis =
        new FakeRedis(
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress()))) {
      redis.put("a", Map.of("v", RedisContract.float32(1, 2)));
      String port = ":" + redis.port() + "/0";
      open("rediss://localhost" + port, StoreOptions.builder().caCertificate(pem));
      int commands = redis.commands.size();
      for (StoreOptions.Builder options :
          List.of(StoreOptions.builder(), StoreOptions.builder().caCertificate(pem))) {
        String host = options.build().caCertificate().isPresent() ? "127.0.0.1" : "localhost";
        saysOneLine(
            () -> open("rediss://" + host + port, options),
            "no secure connection",
            "--ca-certificate");
      }
      assertThat(redis.commands).hasSize(commands);
    }
  }

  @Test
  void aFileWithoutCertificatesIsOneLine() throws Exception {
    Path empty = Files.writeString(folder.resolve("empty.pem"), "");
    saysOneLine(
        () -> open(location("localhost"), StoreOptions.builder().caCertificate(empty)),
        "empty.pem",
        "expected PEM");
    Path key = Files.writeString(folder.resolve("key.pem"), "-----BEGIN NONSENSE-----\n");
    saysOneLine(
        () -> open(location("localhost"), StoreOptions.builder().caCertificate(key)),
        "key.pem",
        "expected PEM");
  }
}
