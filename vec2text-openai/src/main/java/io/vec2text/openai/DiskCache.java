package io.vec2text.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import io.vec2text.Vec2TextException;
import io.vec2text.internal.OwnerOnly;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Vectors on disk by the hashes of their texts, for the owner alone where the file system knows
 * POSIX permissions. A file holds one vector: float32, little-endian, and then the CRC-32C of its
 * name and the vector. Files appear whole, by a rename; what is damaged counts as missing.
 */
final class DiskCache {
  private final Path folder;
  private final String scope;
  private final int dimension;

  private DiskCache(Path folder, String scope, int dimension) {
    this.folder = folder;
    this.scope = scope;
    this.dimension = dimension;
  }

  /**
   * Opens a cache, and creates its folders if need be.
   *
   * @param root where it keeps a folder for each scope
   * @param scope all that a vector depends on but the text
   * @throws Vec2TextException if that is not possible
   */
  static DiskCache open(Path root, String scope, int dimension) {
    Path folder = root.resolve(Hashing.sha256().hashString(scope, UTF_8).toString());
    try {
      OwnerOnly.createFolder(folder);
    } catch (IOException e) {
      throw new Vec2TextException("can't use " + root + " as a cache: " + e, e);
    }
    return new DiskCache(folder, scope, dimension);
  }

  private Path file(String text) {
    HashCode hash =
        Hashing.sha256()
            .newHasher()
            .putInt(scope.length())
            .putUnencodedChars(scope)
            .putUnencodedChars(text)
            .hash();
    return folder.resolve(hash.toString());
  }

  private static int checksum(Path file, ByteBuffer vector) {
    return Hashing.crc32c()
        .newHasher()
        .putUnencodedChars(String.valueOf(file.getFileName()))
        .putBytes(vector)
        .hash()
        .asInt();
  }

  /** The vector of a text; null if it is not there, or damaged. */
  float @Nullable [] get(String text) {
    Path file = file(text);
    int size = (dimension + 1) * Float.BYTES;
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      bytes = in.readNBytes(size + 1);
    } catch (IOException e) {
      return null;
    }
    if (bytes.length != size) {
      return null;
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int end = size - Integer.BYTES;
    if (buffer.getInt(end) != checksum(file, buffer.duplicate().limit(end))) {
      return null;
    }
    float[] vector = new float[dimension];
    buffer.asFloatBuffer().get(vector);
    return vector;
  }

  /**
   * Keeps the vector of a text.
   *
   * @throws Vec2TextException if it can't be written
   */
  void put(String text, float[] vector) {
    Path file = file(text);
    ByteBuffer bytes =
        ByteBuffer.allocate((dimension + 1) * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float component : vector) {
      bytes.putFloat(component);
    }
    bytes.putInt(checksum(file, bytes.duplicate().flip())).flip();
    Path temporary = OwnerOnly.temporary(file);
    try {
      try {
        try (FileChannel channel = OwnerOnly.create(temporary)) {
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        }
        OwnerOnly.rename(temporary, file);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw new Vec2TextException("can't write to the cache: " + e, e);
    }
  }
}
