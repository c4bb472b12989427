package io.vec2text.sources;

import io.vec2text.sources.internal.Limits;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Lets a stream be read from its start again: what was read is kept, the first MiB in memory and
 * the rest in a temporary file. Nothing more is kept once the last reader is open.
 */
final class Tape implements Closeable {
  private final InputStream live;
  private byte[] start = new byte[1 << 13];
  private long kept;
  private boolean recording = true;
  private @Nullable FileChannel rest;

  Tape(InputStream live) {
    this.live = live;
  }

  /** Reads from the start. */
  InputStream open() {
    return new Reader();
  }

  /** Reads from the start, for the last time. */
  InputStream openLast() {
    recording = false;
    return new Reader();
  }

  private int pull(byte[] bytes, int offset, int length) throws IOException {
    int n = live.read(bytes, offset, length);
    if (n > 0 && recording) {
      keep(bytes, offset, n);
    }
    return n;
  }

  private void keep(byte[] bytes, int offset, int length) throws IOException {
    int inMemory = (int) Math.min(length, Math.max(0, Limits.SAMPLE - kept));
    if (inMemory > 0) {
      if (kept + inMemory > start.length) {
        start =
            Arrays.copyOf(
                start, (int) Math.min(Limits.SAMPLE, Math.max(2L * start.length, kept + inMemory)));
      }
      System.arraycopy(bytes, offset, start, (int) kept, inMemory);
    }
    ByteBuffer tail = ByteBuffer.wrap(bytes, offset + inMemory, length - inMemory);
    long at = kept + inMemory - Limits.SAMPLE;
    while (tail.hasRemaining()) {
      at += file().write(tail, at);
    }
    kept += length;
  }

  private FileChannel file() throws IOException {
    FileChannel channel = rest;
    if (channel == null) {
      channel = TemporaryFile.create();
      rest = channel;
    }
    return channel;
  }

  @Override
  public void close() throws IOException {
    try (FileChannel channel = rest) {
      live.close();
    }
  }

  private final class Reader extends InputStream {
    private long position;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      int n;
      if (position >= kept) {
        n = pull(bytes, offset, length);
      } else if (position < Limits.SAMPLE) {
        n = (int) Math.min(length, Math.min(kept, Limits.SAMPLE) - position);
        System.arraycopy(start, (int) position, bytes, offset, n);
      } else {
        int most = (int) Math.min(length, kept - position);
        n = file().read(ByteBuffer.wrap(bytes, offset, most), position - Limits.SAMPLE);
      }
      position += Math.max(0, n);
      return n;
    }
  }
}
