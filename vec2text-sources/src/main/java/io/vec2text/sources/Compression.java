package io.vec2text.sources;

import com.google.common.primitives.ImmutableIntArray;
import io.vec2text.sources.internal.Limits;
import io.vec2text.sources.internal.OneLine;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.XZInputStream;

/** A compression of a whole file, detected from its first bytes. */
enum Compression {
  GZIP(0x1f, 0x8b) {
    @Override
    InputStream open(InputStream in) throws IOException {
      return new GZIPInputStream(new Honest(in), 1 << 13);
    }
  },
  XZ(0xfd, '7', 'z', 'X', 'Z', 0) {
    @Override
    InputStream open(InputStream in) throws IOException {
      return new XZInputStream(in, Limits.XZ_MEMORY);
    }
  };

  private final ImmutableIntArray magic;

  Compression(int... magic) {
    this.magic = ImmutableIntArray.copyOf(magic);
  }

  static @Nullable Compression of(byte[] head) {
    for (Compression c : values()) {
      if (Foreign.startsWith(head, c.magic.toArray())) {
        return c;
      }
    }
    return null;
  }

  abstract InputStream open(InputStream in) throws IOException;

  /** Decompresses; whatever is wrong is a {@link VectorFileException}. */
  InputStream decompress(InputStream in, String name) throws IOException {
    try {
      return new DecodedStream(open(in), e -> problem(name, e));
    } catch (IOException e) {
      throw problem(name, e);
    }
  }

  private VectorFileException problem(String name, IOException e) {
    if (e instanceof VectorFileException known) {
      return known;
    }
    String format = toString().toLowerCase(Locale.ROOT);
    if (e instanceof EOFException) {
      return new VectorFileException(name, "is truncated: its " + format + " data ends early", e);
    }
    if (e instanceof MemoryLimitException memory) {
      return new VectorFileException(
          name,
          "needs %d KiB to decompress, expected at most %d: decompress it with xz first"
              .formatted(memory.getMemoryNeeded(), Limits.XZ_MEMORY),
          e);
    }
    return new VectorFileException(name, "has broken " + format + " data: " + OneLine.reason(e), e);
  }

  /** A stream that says that more is available unless it is at its end: members follow members. */
  private static final class Honest extends PushbackInputStream {
    Honest(InputStream in) {
      super(in);
    }

    @Override
    public int available() throws IOException {
      int b = read();
      if (b < 0) {
        return 0;
      }
      unread(b);
      return Math.max(1, super.available());
    }
  }
}
