package io.vec2text.spark;

import io.vec2text.Inverter;
import java.io.Serializable;

/**
 * Opens an inverter where it is needed: it is the factory that travels to the executors, not the
 * models. Each executor opens one inverter, which its tasks share, and closes it when it ends.
 *
 * <p>A record or an enum constant: a task knows by {@code equals} that the executor has the
 * inverter already. So a lambda is refused.
 *
 * <pre>{@code
 * record OwnEmbedder(String url) implements InverterFactory {
 *   public Inverter open(int threads) {
 *     return Vec2Text.builder().model(Path.of("/models/my-space"))
 *         .embedder(new MyEmbedder(url)).threads(threads).open();
 *   }
 * }
 * }</pre>
 */
public interface InverterFactory extends Serializable {

  /**
   * Opens an inverter that serves many threads at once. An exception fails the task.
   *
   * @param threads that one call should use, at least 1
   */
  Inverter open(int threads);
}
