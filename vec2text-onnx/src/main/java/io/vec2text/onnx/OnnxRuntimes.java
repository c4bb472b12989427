package io.vec2text.onnx;

import com.google.common.annotations.VisibleForTesting;
import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Sees to it that there is one ONNX Runtime. Names none of its classes, so that it works without.
 */
final class OnnxRuntimes {
  private static final String RESOURCE = "ai/onnxruntime/OrtEnvironment.class";

  private OnnxRuntimes() {}

  /**
   * Counts the ONNX Runtimes on the class path.
   *
   * @throws DeviceException unless there is exactly one
   */
  static void check() {
    check(OnnxRuntimes.class.getClassLoader());
  }

  @VisibleForTesting
  static void check(ClassLoader loader) {
    Set<String> found = new LinkedHashSet<>();
    try {
      for (URL url : Collections.list(loader.getResources(RESOURCE))) {
        found.add(url.toString());
      }
    } catch (IOException e) {
      throw new DeviceException("can't search the class path for ONNX Runtime", e);
    }
    if (found.isEmpty()) {
      throw new DeviceException(
          "ONNX Runtime is not on the class path, expected exactly one: add"
              + " io.vec2text:vec2text-cpu, or io.vec2text:vec2text-cuda for NVIDIA GPUs");
    }
    if (found.size() > 1) {
      throw new DeviceException(
          found.stream()
              .map(OnnxRuntimes::jar)
              .collect(
                  Collectors.joining(
                      ", ",
                      found.size() + " ONNX Runtimes are on the class path (",
                      "), expected exactly one: keep onnxruntime (by io.vec2text:vec2text-cpu) or"
                          + " onnxruntime_gpu (by io.vec2text:vec2text-cuda), exclude the other")));
    }
  }

  /** The name of the jar or folder that holds the resource at a URL. */
  private static String jar(String url) {
    String holder = url.substring(0, url.length() - RESOURCE.length()).replaceAll("!?/$", "");
    return holder.substring(holder.lastIndexOf('/') + 1);
  }
}
