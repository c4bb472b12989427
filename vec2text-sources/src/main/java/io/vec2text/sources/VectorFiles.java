package io.vec2text.sources;

import io.vec2text.sources.internal.ListText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/** Opens files of vectors. */
public final class VectorFiles {

  /** The most components that a vector may have: what bounds the memory that a file can claim. */
  public static final int MAX_DIMENSION = 1 << 16;

  private VectorFiles() {}

  /**
   * Opens a file. What it is is detected from its content, not its name, and compressions by gzip
   * or xz are undone.
   *
   * <ul>
   *   <li>NumPy arrays of floats, signed integers, booleans (signs) or packed bits, alone ({@code
   *       .npy}) or in archives ({@code .npz})
   *   <li>JSON: one document or several, one a line or not. Vectors are the arrays of the space's
   *       dimension, wherever they are, also as texts, in base64 or with a field a component
   *   <li>fvecs, and indexes of FAISS that hold whole vectors
   *   <li>tables of text with any separator: components in columns of their own or as a list in one
   * </ul>
   *
   * <p>Anything else that people keep vectors in is refused in one line that says how to convert
   * it. The memory needed does not grow with the file.
   *
   * @param file the file; messages name it as it is given here
   * @param options how to read it, where its content leaves a choice
   * @throws VectorFileException if the file is no file of vectors
   */
  public static VectorReader open(Path file, ReadOptions options) throws IOException {
    String name = file.toString();
    if (!Files.exists(file)) {
      throw new NoSuchFileException(name);
    }
    if (Files.isRegularFile(file)) {
      return open(Source.of(file), options);
    }
    if (Files.isDirectory(file)) {
      throw new VectorFileException(name, "is a directory, not a regular file");
    }
    return open(Files.newInputStream(file), name, options);
  }

  /**
   * Reads a stream, such as standard input, in the same way. Where a second pass is needed, for
   * example because ids follow the vectors, its bytes are kept in a temporary file that only its
   * owner can read and that is gone with the process.
   *
   * @param in the stream; it is closed with the reader, or if this fails
   * @param name the stream's name in messages
   * @param options how to read it, where its content leaves a choice
   * @throws VectorFileException if the stream holds no vectors
   */
  public static VectorReader open(InputStream in, String name, ReadOptions options)
      throws IOException {
    return open(Source.of(in, name), options);
  }

  private static VectorReader open(Source source, ReadOptions options) throws IOException {
    boolean opened = false;
    try {
      VectorReader reader = reader(source, options);
      opened = true;
      return reader;
    } finally {
      if (!opened) {
        source.close();
      }
    }
  }

  private static VectorReader reader(Source source, ReadOptions options) throws IOException {
    byte[] head = source.head();
    String name = source.name();
    if (head.length == 0) {
      throw new VectorFileException(name, "is empty");
    }
    if (options.format().isPresent()) {
      return reader(source, options.format().get(), Text.of(source), options);
    }
    if (Foreign.startsWith(head, NpyHeader.MAGIC)) {
      return reader(source, Format.NPY, Text.of(source), options);
    }
    if (Foreign.startsWith(head, NpzReader.MAGIC)) {
      return reader(source, Format.NPZ, Text.of(source), options);
    }
    if (FaissReader.begins(head)) {
      return reader(source, Format.FAISS, Text.of(source), options);
    }
    String foreign = Foreign.tell(head);
    if (foreign != null) {
      throw new VectorFileException(name, foreign);
    }
    Text text = Text.of(source);
    String ending = ending(name);
    if (ending.equals("npy")) {
      return reader(source, Format.NPY, text, options); // which says what is wrong with it
    }
    if (text.isBinary() && FvecsReader.begins(head, options.dimension(), ending.equals("fvecs"))) {
      return reader(source, Format.FVECS, text, options);
    }
    if (text.isBinary()) {
      throw new VectorFileException(
          name,
          "is binary and none of the kinds that are known; if it is plain float32 numbers: "
              + "np.save('v.npy', np.fromfile('FILE', dtype='<f4').reshape(-1, "
              + (options.dimension().isPresent() ? options.dimension().getAsInt() : "DIMENSION")
              + "))");
    }
    return reader(source, isJson(text, ending) ? Format.JSON : Format.CSV, text, options);
  }

  private static VectorReader reader(Source source, Format format, Text text, ReadOptions options)
      throws IOException {
    if (format != Format.JSON && !options.metadata().isEmpty()) {
      throw new VectorFileException(
          source.name(),
          "is %s, the field `%s` can be read of JSON and of stores"
              .formatted(format.name().toLowerCase(Locale.ROOT), options.metadata().get(0)));
    }
    return switch (format) {
      case NPY -> NpyReader.open(source.openLast(), source.name(), options, source.size());
      case NPZ -> NpzReader.open(source, options);
      case JSON -> JsonVectorReader.open(text, options);
      case CSV -> CsvVectorReader.open(text, options);
      case FVECS -> FvecsReader.open(source, options);
      case FAISS -> FaissReader.open(source, options);
    };
  }

  /** Whether a text is JSON and no table. */
  private static boolean isJson(Text text, String ending) {
    String head = text.head();
    String start = head.stripLeading();
    boolean named = ending.equals("json") || ending.equals("jsonl") || ending.equals("ndjson");
    boolean all = text.source().headIsAll();
    if (start.startsWith("[") || start.startsWith("{")) {
      return named || !JsonRoots.isBroken(head, all) || JsonRoots.areLines(head, all);
    }
    return JsonRoots.hasObjects(head)
        || (named && !ListText.isNumber(start.split("[\\s,;|]", 2)[0]));
  }

  private static String ending(String name) {
    String plain = name.toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|gzip|xz)$", "");
    return plain.substring(plain.lastIndexOf('.') + 1);
  }
}
