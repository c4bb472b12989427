package io.vec2text.onnx;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is slow to open, so that one serves all tests of a class until one of them closes it. */
final class Kept<T extends AutoCloseable> implements AutoCloseable {
  private final Supplier<T> open;
  private final Consumer<T> use;
  private @Nullable T kept;

  /**
   * Nothing yet.
   *
   * @param open opens one
   * @param use uses one; fails with {@link IllegalStateException} if it is closed
   */
  Kept(Supplier<T> open, Consumer<T> use) {
    this.open = open;
    this.use = use;
  }

  /** An open one. */
  T get() {
    if (kept == null || isClosed(kept)) {
      kept = open.get();
    }
    return kept;
  }

  private boolean isClosed(T one) {
    try {
      use.accept(one);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  @Override
  public void close() throws Exception {
    if (kept != null) {
      kept.close();
      kept = null;
    }
  }
}
