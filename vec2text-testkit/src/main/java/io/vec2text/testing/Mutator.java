package io.vec2text.testing;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes bad inputs of good ones: a few bytes flipped, put in, left out, doubled, taken from another
 * input, replaced by words of the format or by numbers at the ends of their ranges, or cut off. An
 * input depends on the seed and its number alone.
 */
public final class Mutator {
  private static final int MAX_CHANGES = 6;
  private static final int LONG_RUN = 4096;

  private static final ImmutableList<String> WORDS =
      ImmutableList.of(
          "null",
          "true",
          "NaN",
          "Infinity",
          "-0",
          "0",
          "1e999",
          "1e-999",
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "\"",
          "\\",
          "\\u0000",
          "\\ud800",
          "\n",
          "\r\n",
          "\t",
          " ",
          "\0",
          "\uFEFF",
          "\u00e9",
          "../",
          "/",
          "\ud83d\ude00",
          "[[[[[[[[[[[[[[[[",
          "{\"a\":{\"a\":{\"a\":");

  private static final ImmutableList<String> NUMBERS =
      ImmutableList.of(
          "-1",
          "0",
          "1",
          "255",
          "65536",
          "2147483647",
          "2147483648",
          "-2147483648",
          "4294967296",
          "9223372036854775807",
          "9223372036854775808",
          "1e308",
          "1e309",
          "0.1e-400",
          "9".repeat(400),
          "9".repeat(1001));

  private static final long[] EXTREMES = {
    0,
    1,
    -1,
    2,
    127,
    128,
    255,
    256,
    32767,
    65535,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    Integer.MAX_VALUE - 8L,
    1L << 32,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    0x7FC00000L,
    0x7F800000L
  };

  private final ImmutableList<byte[]> inputs;
  private final ImmutableList<byte[]> words;

  /**
   * Takes good inputs.
   *
   * @param inputs at least one; they should be small, as most changes to a large one hit data
   * @param words what the format is made of, besides JSON's words and separators
   */
  public Mutator(List<byte[]> inputs, List<String> words) {
    checkArgument(!inputs.isEmpty(), "inputs must not be empty");
    this.inputs = ImmutableList.copyOf(inputs);
    this.words =
        ImmutableList.<String>builder().addAll(WORDS).addAll(words).build().stream()
            .map(word -> word.getBytes(StandardCharsets.UTF_8))
            .collect(ImmutableList.toImmutableList());
  }

  /** The bad input of a number, from 0. */
  public byte[] mutate(long seed, long number) {
    // Mixed first: generators with seeds side by side would give like numbers.
    long mixed = new SplittableRandom(seed).nextLong() ^ new SplittableRandom(number).nextLong();
    SplittableRandom random = new SplittableRandom(mixed);
    byte[] input = inputs.get(random.nextInt(inputs.size()));
    int changes = 1 + random.nextInt(MAX_CHANGES);
    for (int i = 0; i < changes; i++) {
      input = change(input, random);
    }
    return input;
  }

  private byte[] change(byte[] input, SplittableRandom random) {
    int at = random.nextInt(input.length + 1);
    int length = Math.min(random.nextInt(1, 1 << random.nextInt(1, 8)), input.length - at);
    byte[] run = Arrays.copyOfRange(input, at, at + length);
    return switch (random.nextInt(11)) {
      case 0 -> flip(input, at, random);
      case 1 -> replace(input, at, 0, bytes(random));
      case 2 -> replace(input, at, length, new byte[0]);
      case 3 -> replace(input, at, 0, run);
      case 4 -> replace(input, at, length, piece(random));
      case 5 -> replace(input, at, random.nextBoolean() ? length : 0, word(random));
      case 6 -> Arrays.copyOf(input, at);
      case 7 -> replace(input, random.nextInt(input.length + 1), 0, run);
      case 8 -> repeat(input, at, run);
      case 9 -> text(input, at, random);
      default -> binary(input, at, random);
    };
  }

  private static byte[] flip(byte[] input, int at, SplittableRandom random) {
    byte[] changed = input.clone();
    if (at < changed.length) {
      changed[at] ^= (byte) (1 << random.nextInt(8));
    }
    return changed;
  }

  private static byte[] bytes(SplittableRandom random) {
    byte[] bytes = new byte[random.nextInt(1, 9)];
    random.nextBytes(bytes);
    return bytes;
  }

  /** A part of any good input. */
  private byte[] piece(SplittableRandom random) {
    byte[] from = inputs.get(random.nextInt(inputs.size()));
    int start = random.nextInt(from.length + 1);
    int most = Math.min(from.length - start, 1 << random.nextInt(10));
    return Arrays.copyOfRange(from, start, start + most);
  }

  private byte[] word(SplittableRandom random) {
    return words.get(random.nextInt(words.size()));
  }

  private static byte[] repeat(byte[] input, int at, byte[] run) {
    byte[] repeated = new byte[run.length == 0 ? 0 : LONG_RUN / run.length * run.length];
    for (int i = 0; i < repeated.length; i++) {
      repeated[i] = run[i % run.length];
    }
    return replace(input, at, 0, repeated);
  }

  /** Another number for the next digits. */
  private static byte[] text(byte[] input, int at, SplittableRandom random) {
    int from = at;
    while (from < input.length && !isDigit(input[from])) {
      from++;
    }
    int to = from;
    while (to < input.length && isDigit(input[to])) {
      to++;
    }
    String number = NUMBERS.get(random.nextInt(NUMBERS.size()));
    return replace(input, from, to - from, number.getBytes(StandardCharsets.UTF_8));
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  /** An extreme number of one to eight bytes, in either order. */
  private static byte[] binary(byte[] input, int at, SplittableRandom random) {
    int width = 1 << random.nextInt(4);
    if (input.length < width) {
      return input;
    }
    long number = EXTREMES[random.nextInt(EXTREMES.length)];
    ByteBuffer bytes =
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).flip().limit(width);
    byte[] least = new byte[width];
    bytes.get(least);
    byte[] changed = input.clone();
    int from = Math.min(at, input.length - width);
    boolean bigEndian = random.nextBoolean();
    for (int i = 0; i < width; i++) {
      changed[from + i] = least[bigEndian ? width - 1 - i : i];
    }
    return changed;
  }

  private static byte[] replace(byte[] input, int at, int length, byte[] by) {
    byte[] changed = new byte[input.length - length + by.length];
    System.arraycopy(input, 0, changed, 0, at);
    System.arraycopy(by, 0, changed, at, by.length);
    System.arraycopy(input, at + length, changed, at + by.length, input.length - at - length);
    return changed;
  }
}
