package io.vec2text.sources;

import com.google.errorprone.annotations.Immutable;
import io.vec2text.sources.internal.HalfFloat;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The element types of npy files that can be read as numbers. */
enum NpyType {
  FLOAT16("f2", (b, i) -> HalfFloat.toDouble(b.getShort(i))),
  FLOAT32("f4", ByteBuffer::getFloat),
  FLOAT64("f8", ByteBuffer::getDouble),
  INT8("i1", ByteBuffer::get),
  INT16("i2", ByteBuffer::getShort),
  INT32("i4", ByteBuffer::getInt),
  INT64("i8", ByteBuffer::getLong),
  BOOL("b1", ByteBuffer::get),
  UINT8("u1", (b, i) -> Byte.toUnsignedInt(b.get(i))),
  UINT16("u2", (b, i) -> Short.toUnsignedInt(b.getShort(i))),
  UINT32("u4", (b, i) -> Integer.toUnsignedLong(b.getInt(i))),
  UINT64("u8", (b, i) -> unsigned(b.getLong(i)));

  private final String code;
  private final Getter getter;

  NpyType(String code, Getter getter) {
    this.code = code;
    this.getter = getter;
  }

  /** The type that NumPy writes as this kind and size, for example {@code f4}. */
  static @Nullable NpyType of(String code) {
    for (NpyType type : values()) {
      if (type.code.equals(code)) {
        return type;
      }
    }
    return null;
  }

  /** Bytes of an element. */
  int size() {
    return code.charAt(1) - '0';
  }

  boolean isUnsigned() {
    return code.charAt(0) == 'u';
  }

  /** The element at a position, in bytes, of a buffer. */
  double get(ByteBuffer buffer, int position) {
    return getter.get(buffer, position);
  }

  private static double unsigned(long bits) {
    return (bits >>> 1) * 2.0 + (bits & 1);
  }

  @Immutable
  @FunctionalInterface
  private interface Getter {
    double get(ByteBuffer buffer, int position);
  }
}
