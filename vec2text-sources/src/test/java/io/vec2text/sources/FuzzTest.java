package io.vec2text.sources;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.vec2text.testing.Fuzzer;
import io.vec2text.testing.NpyBytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/**
 * Whatever bytes come, a reader gives rows or one exception of its own, soon and in little memory.
 */
final class FuzzTest {
  private static final byte[] NPY =
      NpyBytes.file(new float[] {1, 2, 3, 4}, new float[] {5, 6, 7, 8});

  private static void fuzz(String name, List<byte[]> inputs, String... words) {
    Fuzzer.of(name, inputs, words).allowing(VectorFileException.class).run(FuzzTest::read);
  }

  private static void read(byte[] input) throws IOException {
    ReadOptions options =
        input.length % 3 == 0 ? ReadOptions.defaults() : ReadOptions.builder().dimension(4).build();
    try (VectorReader reader = VectorFiles.open(new ByteArrayInputStream(input), "fuzz", options)) {
      for (Row row = reader.next(); row != null; row = reader.next()) {
        if (row instanceof Row.Malformed malformed && malformed.problem().contains("\n")) {
          throw new IllegalStateException("two lines: " + malformed.problem());
        }
      }
    } catch (VectorFileException e) {
      if (String.valueOf(e.getMessage()).contains("\n")) {
        throw new IllegalStateException("two lines: " + e.getMessage(), e);
      }
      throw e;
    }
  }

  private static List<byte[]> texts(String... texts) {
    List<byte[]> inputs = new ArrayList<>();
    for (String text : texts) {
      inputs.add(text.getBytes(UTF_8));
    }
    inputs.add(("\uFEFF" + texts[0]).getBytes(UTF_16LE));
    return inputs;
  }

  @Test
  void npy() throws IOException {
    List<byte[]> inputs = new ArrayList<>(List.of(NPY));
    for (String name : List.of("f2", "f8", "i1", "u1", "bool", "fortran", "records", "v3")) {
      inputs.add(NpyReaderTest.golden(name));
    }
    fuzz(
        "npy",
        inputs,
        "'<f4'",
        "'|b1'",
        "'|O'",
        "'>f8'",
        "True",
        "False",
        "(4, 2)",
        "(1, 4)",
        "(4,)",
        "descr",
        "shape",
        "99999999999999999999",
        "[('a', '<f4')]");
  }

  @Test
  void npz() throws IOException {
    List<byte[]> inputs = new ArrayList<>();
    for (int method : new int[] {ZipEntry.DEFLATED, ZipEntry.STORED}) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
        for (String name : List.of("ids.npy", "emb.npy", "x.txt")) {
          byte[] data =
              name.equals("ids.npy")
                  ? NpyBytes.of(NpyBytes.dict("(2,)").replace("<f4", "<i8"), new byte[16])
                  : NPY;
          ZipEntry entry = new ZipEntry(name);
          entry.setMethod(method);
          entry.setSize(data.length);
          java.util.zip.CRC32 crc = new java.util.zip.CRC32();
          crc.update(data);
          entry.setCrc(crc.getValue());
          zip.putNextEntry(entry);
          zip.write(data);
        }
      }
      inputs.add(bytes.toByteArray());
    }
    fuzz("npz", inputs, "PK\u0003\u0004", ".npy", "emb", "ids");
  }

  @Test
  void json() {
    fuzz(
        "json",
        texts(
            "[1,2,3,4]\n{\"id\":\"a\",\"embedding\":[1,2,3,4]}\nnull\n[5,6,7,8]\n",
            "{\"ids\":[\"a\",\"b\"],\"embeddings\":[[1,2,3,4],[5,6,7,8]]}",
            "{\"a\":{\"id\":1,\"v\":\"AACAPwAAAEAAAEBAAACAQA==\"},\"b\":{\"v\":\"[1,2,3,4]\"}}",
            "[{\"id\":1,\"d0\":1,\"d1\":2,\"d2\":3,\"d3\":4},{\"d0\":1}]",
            "{\"columns\":[\"i\",\"0\",\"1\",\"2\",\"3\"],\"data\":[[9,1,2,3,4]]}",
            "[[\"a\",[1,2,3,4]],[\"b\",[5,6,7,8]]]",
            "{\"d\":[{\"m\":{\"k\":1},\"v\":[{\"N\":\"1\"},{\"N\":\"2\"},{\"N\":\"3\"},{\"N\":\"4\"}]}]}"),
        "NaN",
        "-Infinity",
        "1e999",
        "\\u0000",
        "{\"a\":",
        "[[",
        "]]",
        "\"id\":",
        "\"embedding\":",
        "\"ids\":",
        "[1,2,3,4]",
        "AACAPwAAAEAAAEBAAACAQA==",
        "\"d0\":1");
  }

  @Test
  void csv() {
    fuzz(
        "csv",
        texts(
            "id,a,b,c,d\nx,1,2,3,4\ny,5,6,7,8\n",
            "1,2,3,4\n\n# c\n5,6,7,8\n",
            "id;v\n1;\"[1,2,3,4]\"\n2;\"{5,6,7,8}\"\n",
            "the 1 2 3 4\nof 5 6 7 8\n",
            "1,5\t2,5\t3,5\t4,5\n",
            "x,[1,2,3,4]\ny,[5,6,7,8]\n",
            "id,v\n1,0000803F000000400000404000008040\n"),
        "\"",
        "\"\"",
        "[",
        "]",
        "{",
        "}",
        "#",
        ";",
        "\t",
        "|",
        "NA",
        "null",
        "...",
        "[1 2 3 4]",
        "array([",
        "np.float32(",
        "1e999",
        "id",
        "embedding",
        "\\N");
  }

  @Test
  void compressed() throws IOException {
    List<byte[]> inputs = new ArrayList<>();
    for (byte[] data : List.of(NPY, "[1,2,3,4]\n[5,6,7,8]\n".getBytes(UTF_8))) {
      ByteArrayOutputStream gzip = new ByteArrayOutputStream();
      for (int member = 0; member < 2; member++) {
        try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
          out.write(data);
        }
      }
      inputs.add(gzip.toByteArray());
      ByteArrayOutputStream xz = new ByteArrayOutputStream();
      try (XZOutputStream out = new XZOutputStream(xz, new LZMA2Options(0))) {
        out.write(data);
      }
      inputs.add(xz.toByteArray());
    }
    fuzz("compressed", inputs, "\u001f", "\u007fxz");
  }

  /** Found by the fuzzer: the value before the objects has no key. */
  @Test
  void aValueBeforeObjectsByKeyIsRead() throws IOException {
    try (InputStream in = FuzzTest.class.getResourceAsStream("text-before-keyed.json")) {
      read(in.readAllBytes());
    }
  }
}
