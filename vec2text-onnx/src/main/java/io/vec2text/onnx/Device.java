package io.vec2text.onnx;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where graphs are to run. {@link DeviceChoice#of} says what becomes of the wish.
 *
 * @param kind processor, CUDA device, or whichever of them works
 * @param index number of the CUDA device, from 0; 0 for the other kinds
 */
public record Device(Kind kind, int index) {
  /** CUDA device 0 if it works, else the CPU. */
  public static final Device AUTO = new Device(Kind.AUTO, 0);

  /** The CPU. */
  public static final Device CPU = new Device(Kind.CPU, 0);

  private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,4}))?");

  /** The kinds of device. */
  public enum Kind {
    /** CUDA if it works, else the CPU. */
    AUTO,
    /** The CPU. */
    CPU,
    /** An NVIDIA GPU; to open something on one that does not work is an error. */
    CUDA
  }

  /** Checks the arguments. */
  public Device {
    requireNonNull(kind, "kind");
    checkArgument(index >= 0, "device index must be at least 0, was %s", index);
    checkArgument(
        index == 0 || kind == Kind.CUDA, "only CUDA devices have an index, %s has %s", kind, index);
  }

  /**
   * A CUDA device.
   *
   * @param index its number, from 0
   */
  public static Device cuda(int index) {
    return new Device(Kind.CUDA, index);
  }

  /**
   * Reads a device.
   *
   * @param text {@code auto}, {@code cpu}, {@code cuda} (the first one) or {@code cuda:N}; case
   *     does not matter
   * @throws IllegalArgumentException if it is none of these
   */
  public static Device parse(String text) {
    String device = text.trim().toLowerCase(Locale.ROOT);
    if (device.equals("auto")) {
      return AUTO;
    }
    if (device.equals("cpu")) {
      return CPU;
    }
    Matcher cuda = CUDA.matcher(device);
    checkArgument(
        cuda.matches(),
        "device must be auto, cpu, cuda or cuda:N (N from 0 to 9999), was %s",
        text);
    String index = cuda.group(1);
    return cuda(index == null ? 0 : Integer.parseInt(index));
  }

  /** The form that {@link #parse} reads, for example {@code cuda:0}. */
  @Override
  public String toString() {
    String name = kind.name().toLowerCase(Locale.ROOT);
    return kind == Kind.CUDA ? name + ":" + index : name;
  }
}
