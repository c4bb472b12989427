package io.vec2text.sources;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How the vectors lie in an array.
 *
 * @param type type of the elements
 * @param order their byte order
 * @param rows number of vectors, at least 1
 * @param columns elements of each, from 1 to {@link VectorFiles#MAX_DIMENSION}
 * @param byColumns whether the elements of a column lie beside each other, not those of a vector
 * @param code what the elements stand for
 * @param note what was chosen; empty if there was no choice
 */
record NpyLayout(
    NpyType type,
    ByteOrder order,
    long rows,
    int columns,
    boolean byColumns,
    Code code,
    String note) {

  /** What elements stand for. */
  enum Code {
    /** Components. */
    NUMBERS,
    /** Signs: 0 is −1, all else 1. */
    SIGNS,
    /** Eight signs each, the highest bit first. */
    BITS
  }

  /** The bytes of a vector. */
  int rowBytes() {
    return columns * type.size();
  }

  /** The components of a vector. */
  int dimension() {
    return code == Code.BITS ? 8 * columns : columns;
  }

  /** Components from the elements of a row, which begin at a position and lie so far apart. */
  float[] row(ByteBuffer buffer, int position, int stride, double scale) {
    float[] values = new float[dimension()];
    for (int i = 0; i < columns; i++) {
      double element = type.get(buffer, position + i * stride);
      if (code == Code.NUMBERS) {
        values[i] = (float) (element * scale);
      } else if (code == Code.SIGNS) {
        values[i] = element == 0 ? -1 : 1;
      } else {
        // Packed bits are also stored less 128, to fit signed bytes.
        int bits = (int) element + (type == NpyType.INT8 ? 128 : 0);
        for (int bit = 0; bit < 8; bit++) {
          values[8 * i + bit] = (bits >> (7 - bit) & 1) == 0 ? -1 : 1;
        }
      }
    }
    return values;
  }

  static NpyLayout of(NpyDict dict, ReadOptions options, String name) throws VectorFileException {
    NpyType type = type(dict, name);
    OptionalInt dimension = options.dimension();
    List<Long> shape = new ArrayList<>(dict.shape());
    for (int i = 0; shape.size() > 2 && i < shape.size(); ) {
      if (shape.get(i) == 1) {
        shape.remove(i);
      } else {
        i++;
      }
    }
    if (shape.isEmpty() || shape.size() > 2) {
      throw new VectorFileException(
          name,
          "has shape %s, expected [n, dimension] or [dimension]%s"
              .formatted(
                  dict.shapeText(),
                  shape.isEmpty()
                      ? ""
                      : "; if each vector stands alone: np.save('v.npy', a.reshape(-1,"
                          + " a.shape[-1])), if they are tokens' vectors, average them first"));
    }
    if (shape.contains(0L)) {
      throw new VectorFileException(name, "holds no vectors, its shape is " + dict.shapeText());
    }
    long rows = shape.size() == 1 ? 1 : shape.get(0);
    long columns = shape.get(shape.size() - 1);
    if (shape.size() == 1
        && dimension.isPresent()
        && columns > dimension.getAsInt()
        && columns % dimension.getAsInt() == 0) {
      throw new VectorFileException(
          name,
          "is one row of %d numbers, expected %d: if vectors follow each other in it, "
                  .formatted(columns, dimension.getAsInt())
              + "np.save('v.npy', a.reshape(-1, %d))".formatted(dimension.getAsInt()));
    }
    boolean turned =
        shape.size() == 2
            && dimension.isPresent()
            && rows == dimension.getAsInt()
            && columns != dimension.getAsInt();
    if (turned) {
      rows = columns;
      columns = dimension.getAsInt();
    }
    if (columns > VectorFiles.MAX_DIMENSION) {
      throw new VectorFileException(
          name,
          "claims vectors of %d numbers, expected at most %d"
              .formatted(columns, VectorFiles.MAX_DIMENSION));
    }
    Code code = code(type, (int) columns, options, name);
    return new NpyLayout(
        type,
        dict.descr() != null && dict.descr().startsWith(">")
            ? ByteOrder.BIG_ENDIAN
            : ByteOrder.LITTLE_ENDIAN,
        rows,
        (int) columns,
        rows > 1 && dict.fortranOrder() != turned,
        code,
        note(turned, code));
  }

  private static String note(boolean turned, Code code) {
    String signs =
        switch (code) {
          case NUMBERS -> "";
          case SIGNS -> "signs from booleans";
          case BITS -> "signs from packed bits";
        };
    String columns = turned ? "vectors from the array's columns" : "";
    return columns.isEmpty() || signs.isEmpty() ? columns + signs : columns + ", " + signs;
  }

  private static Code code(NpyType type, int columns, ReadOptions options, String name)
      throws VectorFileException {
    if (type == NpyType.BOOL) {
      return Code.SIGNS;
    }
    boolean bytes = type == NpyType.INT8 || type == NpyType.UINT8;
    if (bytes
        && options.dimension().isPresent()
        && columns * 8L == options.dimension().getAsInt()) {
      return Code.BITS;
    }
    if (type.isUnsigned() && options.scale().isEmpty()) {
      throw new VectorFileException(
          name,
          "holds unsigned integers, which mean nothing without their zero point: "
              + "np.save('v.npy', (a.astype('float32') - zero_point) * scale); "
              + "if the zero point is 0, give --scale");
    }
    return Code.NUMBERS;
  }

  private static NpyType type(NpyDict dict, String name) throws VectorFileException {
    String descr = dict.descr();
    if (descr == null) {
      String field = dict.fields().stream().reduce((a, b) -> b).orElse("vector");
      throw new VectorFileException(
          name,
          "holds records%s, expected plain numbers: np.save('v.npy', a['%s'])"
              .formatted(
                  dict.fields().isEmpty() ? "" : " of " + String.join(", ", dict.fields()), field));
    }
    @Nullable NpyType type = descr.length() > 1 ? NpyType.of(descr.substring(1)) : null;
    if (type == null || "<>|=".indexOf(descr.charAt(0)) < 0) {
      throw new VectorFileException(name, "holds " + elements(descr));
    }
    return type;
  }

  private static String elements(String descr) {
    return switch (descr.length() > 1 ? descr.charAt(1) : '?') {
      case 'O' ->
          "Python objects, which are pickled and never loaded here; convert it where you trust it: "
              + "np.save('v.npy', np.stack(np.load('FILE', allow_pickle=True)).astype('float32'))";
      case 'U', 'S' ->
          "texts (" + descr + "), expected numbers: np.save('v.npy', a.astype('float32'))";
      case 'V' ->
          "raw bytes (" + descr + "), as which bfloat16 is saved: save it as float32 instead";
      default ->
          "elements of type "
              + descr
              + ", expected floats of 2, 4 or 8 bytes: np.save('v.npy', a.astype('float32'))";
    };
  }
}
