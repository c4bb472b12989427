package io.vec2text.sources;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Kinds of files that are not read here, each with how to go on. */
final class Foreign {
  private static final String SAVE = "np.save('vectors.npy', ";

  /** How to get at the vectors of an index of FAISS. */
  static final String FAISS_ADVICE =
      "i = faiss.read_index('FILE'); " + SAVE + "i.reconstruct_n(0, i.ntotal))";

  private record Kind(String magic, int offset, String advice) {
    Kind(String magic, String advice) {
      this(magic, 0, advice);
    }
  }

  private static final Kind[] KINDS = {
    new Kind(
        "PAR1",
        "is Parquet; convert it in Python: "
            + "pandas.read_parquet('FILE').to_json('v.jsonl', orient='records', lines=True)"),
    new Kind(
        "ARROW1",
        "is Arrow (Feather); convert it in Python: "
            + "pandas.read_feather('FILE').to_json('v.jsonl', orient='records', lines=True)"),
    new Kind(
        "FEA1",
        "is Feather; convert it in Python: "
            + "pandas.read_feather('FILE').to_json('v.jsonl', orient='records', lines=True)"),
    new Kind(
        "ORC",
        "is ORC; convert it in Python: "
            + "pandas.read_orc('FILE').to_json('v.jsonl', orient='records', lines=True)"),
    new Kind("Obj\u0001", "is Avro; convert it to JSON lines with avro-tools tojson"),
    new Kind(
        "\u0089HDF\r\n",
        "is HDF5; convert it in Python: " + SAVE + "h5py.File('FILE')['NAME'][:])"),
    new Kind(
        "SQLite format 3\0",
        "is an SQLite database; export the column of vectors: "
            + "sqlite3 -csv FILE \"select id, hex(embedding) from TABLE\" > v.csv"),
    new Kind(
        "\u00D7lI?",
        "is a Lucene index; export the vectors through the search engine, for example as JSON"),
    new Kind(
        "?\u00D7l\u0017",
        "is a Lucene index; export the vectors through the search engine, for example as JSON"),
    new Kind("%PDF", "is a PDF document, expected vectors"),
    new Kind("BZh", "is compressed with bzip2; decompress it: bunzip2 FILE"),
    new Kind("(\u00B5/\u00FD", "is compressed with Zstandard; decompress it: zstd -d FILE"),
    new Kind("\u0004\"M\u0018", "is compressed with LZ4; decompress it: lz4 -d FILE"),
    new Kind("7z\u00BC\u00AF'\u001C", "is a 7z archive; unpack it: 7z x FILE"),
    new Kind("Rar!", "is a RAR archive; unpack it"),
    new Kind("ustar", 257, "is a tar archive; unpack it: tar xf FILE"),
    new Kind("PGDMP", "is a PostgreSQL dump; export the table: COPY t (id, embedding) TO STDOUT"),
    new Kind("REDIS0", "is a Redis dump; export the vectors, for example as base64 in JSON lines"),
    new Kind("GGUF", "is a GGUF model, expected vectors"),
    new Kind("MATLAB 5.0", "is a MATLAB file; convert it in Python with scipy.io.loadmat"),
    new Kind("\u0089PNG", "is an image, expected vectors"),
    new Kind("\u00FF\u00D8\u00FF", "is an image, expected vectors"),
    new Kind("\u007FELF", "is a program, expected vectors"),
    new Kind("ANN", 0, "is an index of Annoy; " + indexAdvice("get_item_vector")),
  };

  private Foreign() {}

  private static String indexAdvice(String call) {
    return "convert it in Python: " + SAVE + "[index." + call + "(i) for i in range(n)])";
  }

  static boolean startsWith(byte[] head, int... magic) {
    if (head.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((head[i] & 0xFF) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  /** What a file is and how to convert it, by its first bytes; null if it may be read. */
  static @Nullable String tell(byte[] head) {
    String start = new String(head, 0, Math.min(head.length, 512), ISO_8859_1);
    for (Kind kind : KINDS) {
      if (start.startsWith(kind.magic, kind.offset)) {
        return kind.advice;
      }
    }
    if (start.startsWith("IxF")
        || start.startsWith("Ix2")
        || (start.matches("(?s)I[wHbBml][A-Za-z0-9]{2}.*") && start.indexOf(0) >= 0)) {
      return "is a FAISS index; convert it in Python: " + FAISS_ADVICE;
    }
    if (start.length() > 2
        && start.charAt(0) == 0x80
        && start.charAt(1) >= 2
        && start.charAt(1) <= 5) {
      return pickle();
    }
    if (start.startsWith("ccopy_reg") || start.startsWith("cnumpy")) {
      return pickle();
    }
    if (start.startsWith("version https://git-lfs")) {
      return "is a Git LFS pointer, not the file itself: run git lfs pull";
    }
    if (start.length() > 9 && start.startsWith("{\"", 8) && start.charAt(7) == 0) {
      return "is safetensors; convert it in Python: "
          + SAVE
          + "safetensors.numpy.load_file('FILE')['NAME'])";
    }
    String text = start.stripLeading().toLowerCase(Locale.ROOT);
    if (text.startsWith("<!doctype") || text.startsWith("<html")) {
      return "is an HTML page, expected vectors: was an error page downloaded?";
    }
    return text.startsWith("<?xml") ? "is XML, expected vectors as JSON, CSV or npy" : null;
  }

  private static String pickle() {
    return "is a Python pickle, which could run any code and is never loaded here; if you trust"
        + " it, convert it in Python: "
        + SAVE
        + "numpy.asarray(pickle.load(open('FILE', 'rb'))))";
  }

  /** What an archive is, by the names of its entries. */
  static String archive(Iterable<String> entries) {
    StringBuilder names = new StringBuilder();
    for (String entry : entries) {
      if (entry.endsWith("data.pkl")) {
        return "is a PyTorch file, which could run any code and is never loaded here; if you trust"
            + " it, convert it in Python: "
            + SAVE
            + "torch.load('FILE', weights_only=True).numpy())";
      }
      if (entry.startsWith("xl/")) {
        return "is an Excel workbook; save its sheet as CSV";
      }
      if (names.length() < 100) {
        names.append(names.length() == 0 ? "" : ", ").append(entry);
      }
    }
    return "is a zip archive without numpy arrays (it holds " + names + "); unpack it: unzip FILE";
  }
}
