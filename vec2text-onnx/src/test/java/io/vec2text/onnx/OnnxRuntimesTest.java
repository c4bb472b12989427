package io.vec2text.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.base.Splitter;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OnnxRuntimesTest {

  @Test
  void oneRuntimeIsRight() {
    assertThatCode(OnnxRuntimes::check).doesNotThrowAnyException();
  }

  @Test
  void twoRuntimesAreRefused() {
    assertThatExceptionOfType(DeviceException.class)
        .isThrownBy(
            () ->
                OnnxRuntimes.check(
                    finding(
                        "jar:file:/lib/onnxruntime-1.29.0.jar!/ai/onnxruntime/OrtEnvironment.class",
                        "jar:file:/lib/onnxruntime_gpu-1.29.0.jar!/ai/onnxruntime/OrtEnvironment.class")))
        .withMessage(
            "2 ONNX Runtimes are on the class path (onnxruntime-1.29.0.jar,"
                + " onnxruntime_gpu-1.29.0.jar), expected exactly one: keep onnxruntime (by"
                + " io.vec2text:vec2text-cpu) or onnxruntime_gpu (by io.vec2text:vec2text-cuda),"
                + " exclude the other");
  }

  @Test
  void aRuntimeThatParentAndChildLoaderBothFindIsOne() {
    String url = "file:/app/classes/ai/onnxruntime/OrtEnvironment.class";

    assertThatCode(() -> OnnxRuntimes.check(finding(url, url))).doesNotThrowAnyException();
  }

  @Test
  void aMissingRuntimeIsOneClearLineAtEachEntry() throws Exception {
    try (URLClassLoader without = withoutRuntime()) {
      assertThatMissing(
          () -> {
            Class<?> device = without.loadClass("io.vec2text.onnx.Device");
            without
                .loadClass("io.vec2text.onnx.DeviceChoice")
                .getMethod("of", device)
                .invoke(null, device.getField("AUTO").get(null));
          });
      assertThatMissing(
          () -> {
            Class<?> device = without.loadClass("io.vec2text.onnx.Device");
            Class<?> space = without.loadClass("io.vec2text.EmbeddingSpace");
            Class<?> embedder = without.loadClass("io.vec2text.onnx.OnnxEmbedder");
            Class<?> pooling = without.loadClass("io.vec2text.EmbeddingSpace$Pooling");
            Object bert =
                space.getConstructors()[0].newInstance(
                    "m", "", 384, pooling.getEnumConstants()[0], true, "", 256);
            embedder
                .getMethod("open", Path.class, Path.class, space, device, int.class)
                .invoke(
                    null, Path.of("g"), Path.of("t"), bert, device.getField("CPU").get(null), 1);
          });
    }
  }

  private static void assertThatMissing(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatExceptionOfType(InvocationTargetException.class)
        .isThrownBy(call)
        .satisfies(
            e -> {
              assertThat(e.getCause().getClass().getName())
                  .isEqualTo(DeviceException.class.getName());
              assertThat(e.getCause())
                  .hasMessageContaining("ONNX Runtime is not on the class path")
                  .hasMessageContaining("io.vec2text:vec2text-cpu")
                  .hasMessageContaining("io.vec2text:vec2text-cuda")
                  .message()
                  .doesNotContain("\n");
            });
  }

  /** The class path of this test, but for ONNX Runtime. */
  private static URLClassLoader withoutRuntime() throws MalformedURLException {
    List<URL> urls = new ArrayList<>();
    for (String entry :
        Splitter.on(File.pathSeparatorChar).split(System.getProperty("java.class.path"))) {
      if (!new File(entry).getName().startsWith("onnxruntime")) {
        urls.add(new File(entry).toURI().toURL());
      }
    }
    return new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
  }

  private static ClassLoader finding(String... urls) {
    return new ClassLoader(null) {
      @Override
      public Enumeration<URL> getResources(String name) throws MalformedURLException {
        assertThat(name).isEqualTo("ai/onnxruntime/OrtEnvironment.class");
        List<URL> found = new ArrayList<>();
        for (String url : urls) {
          found.add(new URL(url));
        }
        return Collections.enumeration(found);
      }
    };
  }
}
