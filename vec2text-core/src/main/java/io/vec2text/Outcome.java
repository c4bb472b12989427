package io.vec2text;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What became of one item of a batch: a result, or the error that this item alone met. */
public final class Outcome {
  private final @Nullable InversionResult result;
  private final @Nullable RuntimeException error;

  private Outcome(@Nullable InversionResult result, @Nullable RuntimeException error) {
    checkArgument((result == null) != (error == null), "an outcome is a result or an error");
    this.result = result;
    this.error = error;
  }

  /** The outcome of an item that was inverted. */
  public static Outcome of(InversionResult result) {
    return new Outcome(result, null);
  }

  /** The outcome of an item that failed. */
  public static Outcome failed(RuntimeException error) {
    return new Outcome(null, error);
  }

  /** The result, unless the item failed. */
  public Optional<InversionResult> result() {
    return Optional.ofNullable(result);
  }

  /** The item's error, if it failed. */
  public Optional<RuntimeException> error() {
    return Optional.ofNullable(error);
  }

  /** The result; throws the item's error if it failed. */
  public InversionResult orThrow() {
    if (result == null) {
      throw error == null ? new IllegalStateException("empty outcome") : error;
    }
    return result;
  }

  @Override
  public String toString() {
    return result != null
        ? result.toString()
        : "failed: " + (error == null ? "" : error.getMessage());
  }
}
