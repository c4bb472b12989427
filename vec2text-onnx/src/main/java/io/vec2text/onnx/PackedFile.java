package io.vec2text.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file of a package that holds arrays one after the other, without padding, big-endian. Its
 * reader first compares the numbers at its start and its size with what it expects.
 *
 * @param name of the file, for messages
 */
record PackedFile(String name, ByteBuffer in) {
  private static final int MAX_BYTES = 1 << 30;

  PackedFile(String name, byte[] bytes) {
    this(name, ByteBuffer.wrap(bytes));
  }

  static PackedFile read(Path file) {
    try {
      long size = Files.size(file);
      if (size > MAX_BYTES) {
        throw new ModelFormatException(
            file + " has " + size + " bytes, expected at most " + MAX_BYTES);
      }
      return new PackedFile(file.toString(), Files.readAllBytes(file));
    } catch (IOException e) {
      throw new ModelFormatException("can't read " + file, e);
    }
  }

  /** Whether it is so long. */
  boolean has(long bytes) {
    return in.limit() >= bytes;
  }

  /** The i-th of the numbers at its start. */
  int first(int i) {
    return in.getInt(i * Integer.BYTES);
  }

  /** Checks its size. */
  void requireSize(long bytes) {
    if (in.limit() != bytes) {
      throw new ModelFormatException(name + " has " + in.limit() + " bytes, expected " + bytes);
    }
  }

  int nextInt() {
    return in.getInt();
  }

  float nextFloat() {
    return in.getFloat();
  }

  byte[] bytes(int n) {
    byte[] bytes = new byte[n];
    in.get(bytes);
    return bytes;
  }

  int[] ints(int n) {
    int[] ints = new int[n];
    in.asIntBuffer().get(ints);
    in.position(in.position() + Integer.BYTES * n);
    return ints;
  }

  char[] chars(int n) {
    char[] chars = new char[n];
    in.asCharBuffer().get(chars);
    in.position(in.position() + Character.BYTES * n);
    return chars;
  }

  float[] floats(int n) {
    float[] floats = new float[n];
    in.asFloatBuffer().get(floats);
    in.position(in.position() + Float.BYTES * n);
    return floats;
  }
}
