package io.vec2text.onnx;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.function.IntFunction;

/**
 * What became of the wish for a device.
 *
 * @param device the device in use, never {@link Device#AUTO}
 * @param fallbackReason one line that says why CUDA is not used, if {@link Device#AUTO} was asked
 *     for and fell back to the CPU
 */
public record DeviceChoice(Device device, Optional<String> fallbackReason) {

  /** Checks the arguments. */
  public DeviceChoice {
    requireNonNull(fallbackReason, "fallbackReason");
    checkArgument(device.kind() != Device.Kind.AUTO, "a choice is cpu or cuda:N, was %s", device);
  }

  /**
   * Decides. A CUDA device is tried by running a small graph on it, once in the life of the JVM;
   * the first try takes seconds, as it unpacks the CUDA libraries.
   *
   * @throws DeviceException if a CUDA device was asked for and doesn't work, saying why; if ONNX
   *     Runtime is missing from the class path, or there twice
   */
  public static DeviceChoice of(Device wish) {
    OnnxRuntimes.check();
    return of(wish, OrtRuntime::whyNoCuda);
  }

  /** Decides; {@code whyNoCuda} says for a device's index why it does not work, if so. */
  static DeviceChoice of(Device wish, IntFunction<Optional<String>> whyNoCuda) {
    if (wish.kind() == Device.Kind.CPU) {
      return new DeviceChoice(Device.CPU, Optional.empty());
    }
    Device cuda = Device.cuda(wish.index());
    Optional<String> reason = whyNoCuda.apply(cuda.index());
    if (reason.isEmpty()) {
      return new DeviceChoice(cuda, reason);
    }
    if (wish.kind() == Device.Kind.CUDA) {
      throw new DeviceException("can't use " + cuda + ": " + reason.get());
    }
    return new DeviceChoice(Device.CPU, reason);
  }

  /** The device and, in brackets, the reason why it is not CUDA. */
  @Override
  public String toString() {
    return device + fallbackReason.map(reason -> " (no CUDA: " + reason + ")").orElse("");
  }
}
