package io.vec2text.sources;

import io.vec2text.sources.internal.Limits;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The bytes of a file or of a stream, without their compressions, to be read from their start. */
final class Source implements Closeable {
  private final String name;
  private final @Nullable Path file;
  private final @Nullable Tape tape;
  private final List<Compression> compressions = new ArrayList<>();
  private byte[] head;

  private Source(String name, @Nullable Path file, @Nullable Tape tape) throws IOException {
    this.name = name;
    this.file = file;
    this.tape = tape;
    head = readHead();
  }

  static Source of(Path file) throws IOException {
    return of(file.toString(), file, null);
  }

  static Source of(InputStream in, String name) throws IOException {
    return of(name, null, new Tape(in));
  }

  private static Source of(String name, @Nullable Path file, @Nullable Tape tape)
      throws IOException {
    boolean opened = false;
    try {
      Source source = new Source(name, file, tape);
      source.unwrap();
      opened = true;
      return source;
    } finally {
      if (!opened && tape != null) {
        tape.close();
      }
    }
  }

  private void unwrap() throws IOException {
    for (Compression c = Compression.of(head); c != null; c = Compression.of(head)) {
      if (compressions.size() == Limits.MAX_WRAPPERS) {
        throw new VectorFileException(
            name, "is compressed more than " + Limits.MAX_WRAPPERS + " times");
      }
      compressions.add(c);
      head = readHead();
    }
  }

  private byte[] readHead() throws IOException {
    try (InputStream in = open()) {
      return in.readNBytes(Limits.SAMPLE);
    }
  }

  /** The name in messages. */
  String name() {
    return name;
  }

  /** The first bytes, {@link Limits#SAMPLE} or all there are. */
  byte[] head() {
    return head;
  }

  /** Whether there is nothing beyond the head. */
  boolean headIsAll() {
    return head.length < Limits.SAMPLE;
  }

  /** The number of bytes, where it is known without reading them. */
  OptionalLong size() throws IOException {
    return file != null && compressions.isEmpty()
        ? OptionalLong.of(Files.size(file))
        : OptionalLong.empty();
  }

  /** Reads from the start. */
  InputStream open() throws IOException {
    return decompress(tape == null ? files() : tape.open());
  }

  /** Reads from the start when no other pass will be needed: a stream need not be kept then. */
  InputStream openLast() throws IOException {
    return decompress(tape == null ? files() : tape.openLast());
  }

  private InputStream files() throws IOException {
    return Files.newInputStream(Objects.requireNonNull(file));
  }

  private InputStream decompress(InputStream raw) throws IOException {
    InputStream in = raw;
    boolean opened = false;
    try {
      for (Compression c : compressions) {
        in = c.decompress(in, name);
      }
      opened = true;
      return compressions.isEmpty() ? in : new BufferedInputStream(in, 1 << 13);
    } finally {
      if (!opened) {
        raw.close();
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (tape != null) {
      tape.close();
    }
  }
}
