package io.vec2text.onnx;

/** Keeps DJL, whose tokenizers are used here, from reaching out to the network. */
final class Djl {
  private Djl() {}

  /**
   * To be called before the first class of DJL is loaded. By default DJL asks the cloud's metadata
   * service where it runs, reports home from there, and downloads natives for the GPU that it
   * finds. An environment variable or property that the user has set stays as it is.
   */
  static void quiet() {
    if (System.getenv("DJL_OFFLINE") == null) {
      setDefault("ai.djl.offline", "true");
    }
    if (System.getenv("OPT_OUT_TRACKING") == null) {
      setDefault("OPT_OUT_TRACKING", "true");
    }
    if (System.getenv("RUST_FLAVOR") == null) {
      setDefault("RUST_FLAVOR", "cpu");
    }
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
