package io.vec2text.onnx;

import static com.google.common.base.Preconditions.checkArgument;

import io.vec2text.Cancellation;
import io.vec2text.Embedder;
import io.vec2text.Vec2TextException;
import io.vec2text.Vectors;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Vectors of texts in a file, a row of float32 (little-endian) for each, appended as they come: a
 * run that is killed goes on where it was, and no text is embedded twice.
 */
final class EmbeddedTexts implements Closeable {
  private static final int BATCH = 64;

  private final FileChannel channel;
  private final int rowBytes;
  private int rows;

  /**
   * Opens a file, which may have rows already.
   *
   * @param dimension of a vector
   */
  EmbeddedTexts(Path file, int dimension) throws IOException {
    channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    rowBytes = dimension * Float.BYTES;
    rows = (int) (channel.size() / rowBytes);
    channel.truncate((long) rows * rowBytes);
    channel.position(channel.size());
  }

  /** How many there are. */
  int rows() {
    return rows;
  }

  /**
   * Embeds the texts that have no row yet.
   *
   * @param listener hears after each batch how many rows there are
   * @throws IllegalArgumentException if a vector is not one of the embedder's space
   * @throws Vec2TextException if the embedder fails, or on cancellation
   */
  void embed(Embedder embedder, List<String> texts, Cancellation cancellation, IntConsumer listener)
      throws IOException {
    while (rows < texts.size()) {
      if (cancellation.requested()) {
        throw new Vec2TextException(
            "stopped after " + rows + " of " + texts.size() + " texts; the same command goes on");
      }
      List<String> batch = texts.subList(rows, Math.min(texts.size(), rows + BATCH));
      float[][] vectors = embedder.embed(batch);
      checkArgument(
          vectors.length == batch.size(),
          "the embedder gave %s vectors for %s texts",
          vectors.length,
          batch.size());
      ByteBuffer out = buffer(batch.size());
      for (int i = 0; i < vectors.length; i++) {
        checked(vectors[i], embedder, rows + i);
        for (float x : vectors[i]) {
          out.putFloat(x);
        }
      }
      out.flip();
      while (out.hasRemaining()) {
        channel.write(out);
      }
      rows += batch.size();
      listener.accept(rows);
    }
  }

  private static void checked(float[] vector, Embedder embedder, int text) {
    try {
      Vectors.check(vector, embedder.space());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the embedder's vector of text " + (text + 1) + ": " + e.getMessage(), e);
    }
  }

  private ByteBuffer buffer(int n) {
    return ByteBuffer.allocate(n * rowBytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** All vectors, float [rows][dimension]. */
  float[][] read() throws IOException {
    float[][] vectors = new float[rows][rowBytes / Float.BYTES];
    ByteBuffer row = buffer(1);
    for (int i = 0; i < rows; i++) {
      row.clear();
      while (row.hasRemaining()) {
        if (channel.read(row, (long) i * rowBytes + row.position()) < 0) {
          throw new EOFException("the file of vectors was cut off while it was read");
        }
      }
      row.flip().asFloatBuffer().get(vectors[i]);
    }
    return vectors;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
