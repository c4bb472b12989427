package io.vec2text.eval.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tukaani.xz.XZInputStream;

/** Opens files of text that may be compressed. */
public final class TextFiles {
  /** How the name of a compressed file ends. */
  public static final String COMPRESSED = ".xz";

  /** In KiB; the most that any preset of xz asks for is 65 MiB. */
  private static final int DECODER_MEMORY = 1 << 17;

  private TextFiles() {}

  /**
   * The bytes of a file, decompressed if its name ends with {@code .xz}.
   *
   * @throws IOException if it can't be opened, or is not what its name says
   */
  public static InputStream open(Path file) throws IOException {
    InputStream raw = Files.newInputStream(file);
    if (!file.toString().endsWith(COMPRESSED)) {
      return raw;
    }
    try {
      return new XZInputStream(raw, DECODER_MEMORY);
    } catch (IOException e) {
      raw.close();
      throw new IOException(file + ": can't be decompressed: " + e.getMessage(), e);
    }
  }
}
