package io.vec2text.sources;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** Reads the elements of an npy array of integers or texts, as text, one after the other. */
final class NpyTexts implements Closeable {
  private static final int MAX_ELEMENT = 1 << 16;

  private final InputStream in;
  private final char kind;
  private final ByteBuffer element;
  private final NpyType integers;

  private NpyTexts(InputStream in, String descr) {
    this.in = in;
    kind = descr.charAt(1);
    NpyType type = NpyType.of(descr.substring(1));
    integers = type == null ? NpyType.INT8 : type;
    element =
        ByteBuffer.allocate(bytes(descr))
            .order(descr.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
  }

  static boolean canRead(NpyDict dict) {
    String descr = dict.descr();
    return descr != null
        && descr.matches("[<>|=](i[1248]|u[1248]|[SU]\\d{1,5})")
        && bytes(descr) > 0
        && bytes(descr) <= MAX_ELEMENT;
  }

  private static int bytes(String descr) {
    int n = Integer.parseInt(descr.substring(2));
    return descr.charAt(1) == 'U' ? 4 * n : n;
  }

  /** Reads an array that {@link #canRead} accepts. */
  static NpyTexts open(InputStream in, String name) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(in);
    NpyDict dict = NpyHeader.read(buffered, name).dict();
    if (dict.descr() == null || !canRead(dict)) {
      throw new VectorFileException(name, "became another file while it was read");
    }
    return new NpyTexts(buffered, dict.descr());
  }

  /** The next element; empty after the last. */
  Optional<String> next() throws IOException {
    int n = in.readNBytes(element.array(), 0, element.capacity());
    if (n < element.capacity()) {
      return Optional.empty();
    }
    if (kind == 'i' || kind == 'u') {
      double value = integers.get(element, 0);
      return Optional.of(
          integers.size() < 8
              ? Long.toString((long) value)
              : kind == 'u'
                  ? Long.toUnsignedString(element.getLong(0))
                  : Long.toString(element.getLong(0)));
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < n; i += kind == 'U' ? 4 : 1) {
      int c = kind == 'U' ? element.getInt(i) : element.get(i) & 0xFF;
      if (c != 0) {
        text.appendCodePoint(Character.isValidCodePoint(c) ? c : 0xFFFD);
      }
    }
    return Optional.of(text.toString());
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
