package io.vec2text.sources.store;

import com.google.common.base.Ascii;
import io.vec2text.sources.internal.OneLine;
import io.vec2text.sources.store.RespConnection.Refusal;
import io.vec2text.sources.store.RespConnection.Reply;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sends commands that only read, over a connection that is made anew where it was lost. What may
 * pass is asked again after a wait.
 */
final class RedisClient implements Closeable {
  private static final int MAX_QUOTE = 200;

  /** Why a server refuses what it will not refuse later. */
  private static final List<String> PASSING =
      List.of("LOADING", "BUSY", "TRYAGAIN", "MASTERDOWN", "CLUSTERDOWN");

  private static final List<String> UNAUTHORISED = List.of("NOAUTH", "WRONGPASS", "NOPERM");

  private final RedisLocation location;
  private final StoreOptions options;
  private final Waiting waiting;
  private final SSLSocketFactory trusting;

  /** Blocks in reads, so that a caller can stop waiting. */
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "vec2text-redis");
            thread.setDaemon(true);
            return thread;
          });

  private volatile @Nullable Socket socket;
  private @Nullable RespConnection connection;
  private boolean reached;

  /** What may pass. */
  private static final class PassingException extends IOException {
    private static final long serialVersionUID = 1;

    PassingException(String problem, @Nullable Throwable cause) {
      super(problem, cause);
    }
  }

  /**
   * A client, not connected yet.
   *
   * @throws StoreException if credentials would go unencrypted to another machine
   */
  RedisClient(RedisLocation location, StoreOptions options) throws IOException {
    if (options.credentials().secret().isPresent()
        && !location.isPrivate()
        && !options.plaintextCredentials()) {
      throw new StoreException(
          location.name(),
          "would send the password to another machine without encryption, expected rediss://; say"
              + " so if the network between is trusted (--allow-plaintext)");
    }
    this.location = location;
    this.options = options;
    waiting = new Waiting(location.name(), options.cancellation());
    trusting =
        options.caCertificate().isPresent()
            ? Certificates.trusting(options.caCertificate().get()).getSocketFactory()
            : defaultContext(location).getSocketFactory();
  }

  private static SSLContext defaultContext(RedisLocation location) throws IOException {
    try {
      return SSLContext.getDefault();
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new StoreException(location.name(), "can't be reached, as Java has no TLS here", e);
    }
  }

  /** Sends one command that must not be refused. */
  Reply ask(List<byte[]> command) throws IOException {
    Reply reply = askAll(List.of(command)).get(0);
    if (reply instanceof Refusal refusal) {
      throw refused(refusal);
    }
    return reply;
  }

  /**
   * Sends commands at once.
   *
   * @return the reply to each, which may be that it was refused for good
   */
  List<Reply> askAll(List<List<byte[]>> commands) throws IOException {
    for (int failures = 1; ; failures++) {
      try {
        return attempt(commands);
      } catch (PassingException e) {
        disconnect();
        Optional<String> givenUp = options.repetition().givenUp(failures, null);
        if (givenUp.isPresent()) {
          throw new StoreException(
              location.name(), OneLine.reason(e) + givenUp.get(), e.getCause());
        }
        waiting.sleep(options.repetition().pause(failures, null));
      }
    }
  }

  private List<Reply> attempt(List<List<byte[]>> commands) throws IOException {
    try {
      return waiting.await(worker.submit(() -> exchange(commands)), options.timeout());
    } catch (TimeoutException e) {
      throw new PassingException(
          "gave no whole answer within " + options.timeout().toMillis() + " ms", e);
    } catch (ExecutionException e) {
      throw problem(e.getCause() == null ? e : e.getCause());
    } catch (IOException e) {
      disconnect(); // its answer may still come
      throw e;
    }
  }

  private List<Reply> exchange(List<List<byte[]>> commands) throws IOException {
    RespConnection open = connection;
    if (open == null) {
      open = connect();
      connection = open;
    }
    List<Reply> replies = open.send(commands);
    for (Reply reply : replies) {
      checkLasting(reply);
    }
    return replies;
  }

  private void checkLasting(Reply reply) throws IOException {
    if (reply instanceof Refusal refusal) {
      for (String word : PASSING) {
        if (refusal.is(word)) {
          throw new PassingException("answered " + quote(refusal.text()), null);
        }
      }
      for (String word : UNAUTHORISED) {
        if (refusal.is(word)) {
          throw new StoreException(
              location.name(), "answered " + quote(refusal.text()) + ": " + unauthorised());
        }
      }
    }
  }

  private String unauthorised() {
    return options.credentials().secret().isEmpty()
        ? "it asks for credentials; name the environment variable that holds the password (--key"
            + " VARIABLE) and, unless it is that of the default user, the user (--user NAME)"
        : "it does not accept what "
            + options.credentials().origin()
            + " holds, or allows too little";
  }

  private RespConnection connect() throws IOException {
    Socket plain = new Socket();
    socket = plain;
    int patience = (int) Math.min(Integer.MAX_VALUE, options.timeout().toMillis());
    plain.connect(new InetSocketAddress(location.bareHost(), location.port()), patience);
    plain.setTcpNoDelay(true);
    RespConnection made = new RespConnection(location.tls() ? secured(plain) : plain);
    reached = true;
    List<List<byte[]>> greeting = new ArrayList<>();
    Optional<String> secret = options.credentials().secret();
    if (secret.isPresent()) {
      Optional<String> user = options.credentials().user();
      greeting.add(
          user.isPresent()
              ? RespConnection.command("AUTH", user.get(), secret.get())
              : RespConnection.command("AUTH", secret.get()));
    }
    if (location.database() != 0) {
      greeting.add(RespConnection.command("SELECT", Integer.toString(location.database())));
    }
    for (Reply reply : made.send(greeting)) {
      checkLasting(reply);
      if (reply instanceof Refusal refusal) {
        throw refused(refusal);
      }
    }
    return made;
  }

  private Socket secured(Socket plain) throws IOException {
    SSLSocket secure =
        (SSLSocket) trusting.createSocket(plain, location.bareHost(), location.port(), true);
    SSLParameters parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secure.setSSLParameters(parameters);
    secure.startHandshake();
    return secure;
  }

  /** That a command was refused for good. */
  StoreException refused(Refusal refusal) {
    return new StoreException(location.name(), "answered " + quote(refusal.text()));
  }

  /** That a reply is none to what was asked. */
  StoreException unexpected(String expected) {
    return new StoreException(
        location.name(), "gave an answer without " + expected + ": is it Redis?");
  }

  private IOException problem(Throwable cause) {
    disconnect();
    if (cause instanceof StoreException || cause instanceof PassingException) {
      return (IOException) cause;
    }
    if (cause instanceof RespConnection.ProtocolException) {
      return new StoreException(
          location.name(), OneLine.reason(cause) + ": is it Redis, and the port right?", cause);
    }
    if (cause instanceof SSLException) {
      return new StoreException(
          location.name(),
          "no secure connection: "
              + Certificates.problem(cause)
              + "; for an authority of your own, name its certificate (--ca-certificate FILE)",
          cause);
    }
    if (!reached) {
      return new StoreException(
          location.name(),
          "can't connect"
              + (cause instanceof UnknownHostException
                  ? ", the host is not known"
                  : " (" + OneLine.reason(cause) + ")"),
          cause);
    }
    return new PassingException("the connection was lost (" + OneLine.reason(cause) + ")", cause);
  }

  private void disconnect() {
    connection = null;
    Socket open = socket;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // It is of no use any more.
      }
    }
  }

  /** What came from outside, fit for a message. */
  private String quote(String text) {
    return Ascii.truncate(options.credentials().redact(OneLine.of(text)).strip(), MAX_QUOTE, "...");
  }

  @Override
  public void close() {
    disconnect();
    worker.shutdownNow();
  }
}
