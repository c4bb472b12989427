package io.vec2text.sources;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Function;

/**
 * What a decoder gives; what is wrong with it is a {@link VectorFileException}. It only reads:
 * decoders' other methods throw what they like.
 */
final class DecodedStream extends InputStream {
  private final InputStream in;
  private final Function<IOException, VectorFileException> problem;

  /**
   * A stream.
   *
   * @param in closed with it
   * @param problem names the file and what is wrong
   */
  DecodedStream(InputStream in, Function<IOException, VectorFileException> problem) {
    this.in = in;
    this.problem = problem;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      return in.read(bytes, offset, length);
    } catch (IOException e) {
      throw problem.apply(e);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
