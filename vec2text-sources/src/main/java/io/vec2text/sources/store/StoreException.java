package io.vec2text.sources.store;

import io.vec2text.sources.internal.OneLine;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A store cannot be read. The message is one line that names the store, and holds neither
 * credentials nor anything that is kept in the store but names and ids.
 */
public final class StoreException extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * An exception about a store.
   *
   * @param name the store's name, without credentials
   * @param problem what was found, what was expected, and what to do
   */
  public StoreException(String name, String problem) {
    this(name, problem, null);
  }

  /** An exception with its cause. */
  public StoreException(String name, String problem, @Nullable Throwable cause) {
    super(OneLine.of(name) + ": " + OneLine.of(problem), cause);
  }
}
