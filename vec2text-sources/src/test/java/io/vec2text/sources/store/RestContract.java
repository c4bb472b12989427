package io.vec2text.sources.store;

import static io.vec2text.sources.store.FakeStore.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vec2text.Cancellation;
import io.vec2text.sources.Row;
import io.vec2text.sources.VectorReader;
import io.vec2text.sources.VectorSource;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every store does that is read over HTTP. A test of one says what such a store answers, in
 * the shapes of its documentation.
 */
abstract class RestContract extends VectorSourceContract {
  static final String COLLECTION = "my chunks";

  private final List<FakeStore> stores = new ArrayList<>();

  /** The beginning of locations. */
  abstract String scheme();

  /** What such a store answers that holds these records in {@link #COLLECTION}. */
  abstract FakeStore.Answer answer(FakeStore.Request request, List<Item> items);

  /** The header that a key comes in, and its value. */
  abstract String[] keyHeader(String key);

  /** The location of the collection. */
  String location(FakeStore store, String collection) {
    return scheme() + "+http://" + store.address() + "/" + collection.replace(" ", "%20");
  }

  final FakeStore store(List<Item> items) {
    FakeStore store = new FakeStore(request -> answer(request, items));
    stores.add(store);
    return store;
  }

  @Override
  VectorSource filled(List<Item> items, StoreOptions options) throws Exception {
    return source(store(items), options);
  }

  final VectorSource source(FakeStore store, StoreOptions options) throws Exception {
    return Stores.source(location(store, COLLECTION), options);
  }

  @Override
  VectorSource missing(StoreOptions options) throws Exception {
    return Stores.source(location(store(items(3)), "nowhere"), options);
  }

  @AfterEach
  void closeStores() {
    stores.forEach(FakeStore::close);
  }

  static ObjectNode object() {
    return RestClient.JSON.createObjectNode();
  }

  static ArrayNode array(float[] vector) {
    ArrayNode array = RestClient.JSON.createArrayNode();
    for (float component : vector) {
      array.add(component);
    }
    return array;
  }

  private int requestsToRead(List<Item> items) throws Exception {
    FakeStore store = store(items);
    read(source(store, options().build()));
    return store.requests().size();
  }

  @Test
  void asksAgainWhereThatMayHelp() throws Exception {
    List<Item> items = items(13);
    int requests = requestsToRead(items);
    for (int i = 0; i < requests; i++) {
      FakeStore store = store(items);
      FakeStore.Reply[] before = new FakeStore.Reply[i + 4];
      for (int j = 0; j < i; j++) {
        before[j] = request -> answerUsually(request, items);
      }
      before[i] = status(503, "");
      before[i + 1] = status(429, "Retry-After", "0");
      before[i + 2] = status(500, "<html>oops</html>");
      before[i + 3] = store.cut();
      store.then(before);
      assertThat(read(source(store, options().build()))).as("failing at %d", i).hasSize(13);
    }
  }

  private void answerUsually(FakeStore.Request request, List<Item> items)
      throws java.io.IOException {
    FakeStore.Answer answer = answer(request, items);
    status(answer.status(), answer.body()).to(request);
  }

  @Test
  void aStoreThatVanishesIsOneLineAndLosesNothingBefore() throws Exception {
    List<Item> items = items(13);
    FakeStore store = store(items);
    VectorSource source = source(store, options().retries(2).build());
    try (VectorReader reader = source.open()) {
      for (int i = 0; i < PAGE_SIZE; i++) {
        assertThat(reader.next()).isInstanceOf(Row.Vector.class);
      }
      store.vanishAfter(0);
      saysOneLine(() -> rest(reader), source.name(), "connection was lost", "3 attempts");
    }
    FakeStore gone = store(items);
    VectorSource unreachable = source(gone, options().build());
    gone.close();
    saysOneLine(() -> read(unreachable), unreachable.name(), "can't connect");
  }

  @Test
  void givesUpWhereAStoreStaysBroken() throws Exception {
    FakeStore store = store(items(3));
    store.then(status(503, ""), status(503, ""), status(503, ""));
    saysOneLine(
        () -> read(source(store, options().retries(2).build())), "answered 503", "3 attempts");
    store.then(status(429, "Retry-After", "100000"));
    saysOneLine(() -> read(source(store, options().build())), "too many requests", "wait 100000 s");
  }

  @Test
  void wrongCredentialsAreOneLineWithoutThem() throws Exception {
    for (int status : new int[] {401, 403}) {
      FakeStore store = store(items(3));
      store.then(status(status, "{\"error\":\"invalid key s3cret\"}"));
      saysOneLine(() -> read(source(store, options().build())), "answered " + status, "--key");
      store.then(status(status, "{\"error\":\"invalid key s3cret\"}"));
      saysOneLine(
          () -> read(source(store, options().credentials(key()).build())),
          "answered " + status,
          "does not accept what the environment variable STORE_KEY holds");
      assertThat(store.requests()).hasSize(2);
    }
  }

  private static Credentials key() throws StoreException {
    return Credentials.ofVariable("STORE_KEY", variable -> "s3cret");
  }

  @Test
  void sendsTheKeyWithEveryRequest() throws Exception {
    FakeStore store = store(items(13));
    assertThat(read(source(store, options().credentials(key()).build()))).hasSize(13);
    String[] header = keyHeader("s3cret");
    assertThat(store.requests())
        .isNotEmpty()
        .allSatisfy(request -> assertThat(request.header(header[0])).isEqualTo(header[1]));
  }

  @Test
  void sendsNoKeyWithoutEncryptionToOthers() throws Exception {
    String location = scheme() + "+http://192.0.2.1/c";
    StoreOptions options = options().credentials(key()).build();
    saysOneLine(() -> read(Stores.source(location, options)), "without encryption", "https");
  }

  @Test
  void takesNoCredentialsInLocations() throws Exception {
    for (String location :
        List.of("://user:s3cret@localhost/c", "://localhost/c?api_key=s3cret&x=1")) {
      saysOneLine(
          () -> Stores.source(scheme() + "+http" + location, options().build()),
          "holds a password");
    }
  }

  @Test
  void whatIsNoSuchStoreIsOneLine() throws Exception {
    FakeStore store = store(items(3));
    store.then(status(200, "<html>Welcome</html>"));
    saysOneLine(() -> read(source(store, options().build())), "gave no JSON");
    store.then(status(200, "{}"));
    saysOneLine(() -> read(source(store, options().build())), "gave an answer without");
    store.then(status(302, "Location", "http://192.0.2.1/"));
    saysOneLine(() -> read(source(store, options().build())), "302", "redirects are not followed");
    saysOneLine(() -> Stores.source(scheme() + "+http://localhost/a b", options().build()), "%20");
  }

  @Test
  @Timeout(value = 30, unit = TimeUnit.SECONDS)
  void waitsNoLongerThanItShould() throws Exception {
    FakeStore store = store(items(3));
    store.then(store.silence());
    saysOneLine(
        () -> read(source(store, options().retries(0).timeout(Duration.ofMillis(300)).build())),
        "no whole answer within 300 ms");
    Cancellation cancellation = new Cancellation();
    store.then(store.silence());
    VectorSource source = source(store, options().cancellation(cancellation).build());
    cancellation.cancel();
    assertThatThrownBy(source::open).isInstanceOf(InterruptedIOException.class);
  }
}
