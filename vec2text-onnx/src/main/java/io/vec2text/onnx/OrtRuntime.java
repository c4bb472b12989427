package io.vec2text.onnx;

import static com.google.common.base.Preconditions.checkArgument;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import com.google.common.base.CharMatcher;
import com.google.common.util.concurrent.Uninterruptibles;
import io.vec2text.internal.CloseGuard;
import io.vec2text.internal.ShutdownOrder;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The process's ONNX Runtime, and the session options that all graphs have in common. */
final class OrtRuntime {
  private static final int MAX_REASON = 400;
  private static final int MAX_THREADS = 1024;
  private static final float[] PROBE = {1, 2, 3, 4};
  private static final Map<Integer, Optional<String>> CUDA = new ConcurrentHashMap<>();
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final CloseGuard RUNS = new CloseGuard("ONNX Runtime of the ending process");

  private static volatile @Nullable OrtEnvironment environment;

  private OrtRuntime() {}

  /**
   * The environment; made on the first call.
   *
   * @throws io.vec2text.Vec2TextException if it can't be, or the process is ending
   */
  static OrtEnvironment environment() {
    OrtEnvironment there = environment;
    return there == null ? create() : there;
  }

  /**
   * Runs native code, which the end of the process waits for.
   *
   * @throws IllegalStateException if the process is ending
   */
  static <T> T pass(Supplier<T> call) {
    return RUNS.pass(call);
  }

  /**
   * Options for a session. The caller closes them, after the session.
   *
   * @param device CPU or a CUDA device
   * @param threads threads of a run, the caller's own included; 0 for one a core
   */
  @SuppressWarnings("resource") // on success they are the caller's
  static SessionOptions options(Device device, int threads) throws OrtException {
    // The environment first: CUDA's registration logs to it.
    environment();
    SessionOptions options = new SessionOptions();
    try {
      options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
      options.setInterOpNumThreads(1);
      options.setIntraOpNumThreads(threads);
      // Threads that spin for the next run take the cores from the search.
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      // Many batch shapes come by: a memory plan for each would only pile up.
      options.setMemoryPatternOptimization(false);
      // Each session would keep what its largest run took; the system's allocator serves them all.
      options.setCPUArenaAllocator(false);
      options.setDeterministicCompute(true);
      if (device.kind() == Device.Kind.CUDA) {
        Natives.unpackCuda();
        try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(device.index())) {
          // TF32 has ten bits of mantissa: too few to tell a right text from its neighbours.
          cuda.add("use_tf32", "0");
          cuda.add("arena_extend_strategy", "kSameAsRequested");
          options.addCUDA(cuda);
        }
      }
      return options;
    } catch (OrtException | RuntimeException | LinkageError e) {
      options.close();
      throw e;
    }
  }

  /**
   * Checks a number of threads: each graph has so many of its own, with a stack each.
   *
   * @throws IllegalArgumentException if negative or above 1,024
   */
  static void checkThreads(int threads) {
    checkArgument(
        threads >= 0 && threads <= MAX_THREADS,
        "threads must be from 0 to %s, was %s",
        MAX_THREADS,
        threads);
  }

  /** Why a CUDA device can't be used; empty if it can. Tried once for each device. */
  static Optional<String> whyNoCuda(int index) {
    return CUDA.computeIfAbsent(index, OrtRuntime::probe);
  }

  private static Optional<String> probe(int index) {
    try {
      // Loads the natives, in our way.
      environment();
      if (!OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
        return Optional.of(
            "the ONNX Runtime on the class path is built for CPUs; io.vec2text:vec2text-cuda brings"
                + " the other");
      }
      return run(index);
    } catch (OrtException | IOException | RuntimeException | LinkageError e) {
      return Optional.of(line(e));
    }
  }

  private static Optional<String> run(int index) throws OrtException, IOException {
    try (InputStream graph = OrtRuntime.class.getResourceAsStream("probe.onnx")) {
      if (graph == null) {
        throw new DeviceException("probe.onnx is missing from the jar of vec2text-onnx");
      }
      try (SessionOptions options = options(Device.cuda(index), 1)) {
        options.addConfigEntry("session.disable_cpu_ep_fallback", "1");
        options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
        try (OrtSession session = environment().createSession(graph.readAllBytes(), options);
            OnnxTensor x =
                OnnxTensor.createTensor(environment(), FloatBuffer.wrap(PROBE), new long[] {2, 2});
            OrtSession.Result result = session.run(Map.of("x", x))) {
          float[] found = ((OnnxTensor) result.get(0)).getFloatBuffer().array();
          float[] expected = {7, 10, 15, 22};
          return Arrays.equals(found, expected)
              ? Optional.empty()
              : Optional.of(
                  "the probe gave "
                      + Arrays.toString(found)
                      + ", expected "
                      + Arrays.toString(expected));
        }
      }
    }
  }

  /** What went wrong, on one line. */
  static String line(Throwable e) {
    String message = e.getMessage();
    String line =
        CharMatcher.whitespace()
            .trimAndCollapseFrom(message == null ? e.getClass().getName() : message, ' ');
    return line.length() <= MAX_REASON ? line : line.substring(0, MAX_REASON) + "...";
  }

  private static synchronized OrtEnvironment create() {
    OrtEnvironment made = environment;
    if (made == null) {
      ShutdownOrder.check();
      try {
        made = Natives.loadRuntime();
        keepOpen();
        // On by default in builds for Windows.
        made.setTelemetry(false);
      } catch (OrtException | LinkageError e) {
        throw new DeviceException("can't set up ONNX Runtime: " + line(e), e);
      }
      ShutdownOrder.add(ShutdownOrder.Stage.NATIVES, OrtRuntime::awaitRuns);
      environment = made;
    }
    return made;
  }

  /**
   * Keeps the environment from being closed while it is in use: ONNX Runtime has a shutdown hook
   * that closes it at once, and a session that is being loaded or runs then ends the process with a
   * crash. It counts its users, so one more keeps it open; there is no other way to add one. What
   * is waited for instead is {@link #awaitRuns}.
   */
  private static void keepOpen() {
    try {
      Field api = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("ortApiHandle");
      Method create =
          OrtEnvironment.class.getDeclaredMethod(
              "createHandle", long.class, int.class, String.class);
      api.setAccessible(true);
      create.setAccessible(true);
      int level = OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING.getValue();
      Object unused = create.invoke(null, api.getLong(null), level, "vec2text");
    } catch (ReflectiveOperationException | RuntimeException e) {
      // Another version: all works but the stop while a graph is loaded.
    }
  }

  /** Waits for the runs in flight and lets no more begin. */
  private static void awaitRuns() {
    Thread closer = new Thread(() -> RUNS.close(() -> {}), "vec2text-runs");
    closer.setDaemon(true);
    closer.start();
    Uninterruptibles.joinUninterruptibly(closer, PATIENCE);
  }
}
