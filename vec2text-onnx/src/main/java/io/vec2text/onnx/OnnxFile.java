package io.vec2text.onnx;

import com.google.common.collect.ImmutableSet;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an ONNX file says of its graph, found by walking its Protocol Buffers without loading it.
 *
 * @param weightFiles the files in which it keeps weights outside itself
 * @param dynamicallyQuantized whether it rounds a run's numbers by their largest ({@code
 *     DynamicQuantizeLinear}), so that a vector depends on what else is in the run
 */
record OnnxFile(ImmutableSet<String> weightFiles, boolean dynamicallyQuantized) {
  private static final int MAX_DEPTH = 64;
  private static final int MAX_TEXT = 4096;

  /**
   * The messages of onnx.proto3 in which tensors and operators are found, with the fields that lead
   * to them.
   */
  private enum Message {
    MODEL,
    TRAINING,
    FUNCTION,
    GRAPH,
    NODE,
    ATTRIBUTE,
    SPARSE_TENSOR,
    TENSOR,
    ENTRY;

    private static final Map<Message, Map<Integer, Message>> FIELDS =
        Map.of(
            MODEL, Map.of(7, GRAPH, 20, TRAINING, 25, FUNCTION),
            TRAINING, Map.of(1, GRAPH, 2, GRAPH),
            FUNCTION, Map.of(7, NODE, 11, ATTRIBUTE),
            GRAPH, Map.of(1, NODE, 5, TENSOR, 15, SPARSE_TENSOR),
            NODE, Map.of(5, ATTRIBUTE),
            ATTRIBUTE,
                Map.of(
                    5,
                    TENSOR,
                    6,
                    GRAPH,
                    10,
                    TENSOR,
                    11,
                    GRAPH,
                    22,
                    SPARSE_TENSOR,
                    23,
                    SPARSE_TENSOR),
            SPARSE_TENSOR, Map.of(1, TENSOR, 2, TENSOR),
            TENSOR, Map.of(13, ENTRY),
            ENTRY, Map.of());

    @Nullable Message inner(int field) {
      return FIELDS.getOrDefault(this, Map.of()).get(field);
    }
  }

  /**
   * Reads a file.
   *
   * @param name what to call it in messages
   * @throws ModelFormatException if it is no graph
   */
  static OnnxFile read(String name, Path file) {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      Walk walk = new Walk(in);
      walk.message(Message.MODEL, Files.size(file), 0);
      return new OnnxFile(
          ImmutableSet.copyOf(walk.locations), walk.operators.contains("DynamicQuantizeLinear"));
    } catch (IOException e) {
      throw new ModelFormatException("graph " + name + " is not valid ONNX", e);
    }
  }

  /**
   * Makes sure that what is loaded with a graph is listed in a manifest, or nobody has hashed it.
   *
   * @param name what to call it in messages
   * @param listed the files that its manifest lists
   * @throws ModelFormatException if it keeps weights in another file
   */
  void check(String name, Set<String> listed) {
    for (String file : weightFiles) {
      if (!listed.contains(file)) {
        throw new ModelFormatException(
            "graph "
                + name
                + " keeps weights in \""
                + file
                + "\", expected one of the files that the manifest lists: "
                + listed);
      }
    }
  }

  private static final class Walk {
    private final DataInputStream in;
    private final Set<String> locations = new HashSet<>();
    private final Set<String> operators = new HashSet<>();
    private long position;

    Walk(DataInputStream in) {
      this.in = in;
    }

    void message(Message message, long length, int depth) throws IOException {
      if (depth > MAX_DEPTH) {
        throw new IOException("too deep");
      }
      long end = position + length;
      String key = "";
      String value = "";
      while (position < end) {
        long tag = varint();
        int field = (int) Math.min(Integer.MAX_VALUE, tag >>> 3);
        switch ((int) (tag & 7)) {
          case 0 -> {
            long unused = varint();
          }
          case 1 -> skip(Long.BYTES);
          case 5 -> skip(Integer.BYTES);
          case 2 -> {
            long bytes = varint();
            if (bytes < 0 || bytes > end - position) {
              throw new IOException("a part is longer than the whole");
            }
            Message inner = message.inner(field);
            if (inner != null) {
              message(inner, bytes, depth + 1);
            } else if (message == Message.ENTRY && field == 1) {
              key = text(bytes);
            } else if (message == Message.ENTRY && field == 2) {
              value = text(bytes);
            } else if (message == Message.NODE && field == 4) {
              operators.add(text(bytes));
            } else {
              skip(bytes);
            }
          }
          default -> throw new IOException("wire type " + (tag & 7));
        }
      }
      if (position != end) {
        throw new IOException("a part is longer than the whole");
      }
      if (key.equals("location")) {
        locations.add(value);
      }
    }

    private long varint() throws IOException {
      long number = 0;
      for (int shift = 0; shift < Long.SIZE; shift += 7) {
        int b = in.readUnsignedByte();
        position++;
        number |= (long) (b & 0x7F) << shift;
        if (b < 0x80) {
          return number;
        }
      }
      throw new IOException("a number is too long");
    }

    private void skip(long bytes) throws IOException {
      in.skipNBytes(bytes);
      position += bytes;
    }

    private String text(long bytes) throws IOException {
      if (bytes > MAX_TEXT) {
        throw new IOException("a name is too long");
      }
      position += bytes;
      return new String(in.readNBytes((int) bytes), StandardCharsets.UTF_8);
    }
  }
}
