package io.vec2text.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.hash.Hashing;
import io.vec2text.bridge.SpaceMap;
import io.vec2text.spi.LanguageModel;
import io.vec2text.testing.Fuzzer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each format that a package holds, as somebody who means ill would write it. */
class FormatsFuzzTest {
  private static final Path TOY = T5Toy.folder();

  @TempDir private Path folder;

  private static byte[] toy(String name) throws IOException {
    return Files.readAllBytes(TOY.resolve(name));
  }

  private static void run(String name, List<byte[]> inputs, Fuzzer.Parser parser, String... words) {
    Fuzzer.of(name, inputs, words).allowing(ModelFormatException.class).run(parser);
  }

  @Test
  void manifests() throws IOException {
    List<byte[]> inputs =
        List.of(
            toy("manifest.json"),
            Files.readAllBytes(T5Toy.folder("prefix-toy").resolve("manifest.json")));
    run(
        "manifest",
        inputs,
        input -> {
          Manifest manifest = Manifest.read(input, "manifest.json");
          assertThat(PackageInfo.of(manifest, "").graphs().values())
              .isSubsetOf(manifest.files().keySet());
        },
        "\"sha256\"",
        "\"classpath\"",
        "\"../../x\"",
        "\"graphs\"");
  }

  @Test
  void tokenizers() {
    run(
        "tokenizer",
        TokenizerJsonTest.SMALL.stream().map(s -> s.getBytes(StandardCharsets.UTF_8)).toList(),
        input -> {
          TokenizerJson.read(input, "tokenizer.json");
          // What passes does not end this process, whatever the text.
          try (HfTokenization tokenizer =
              HfTokenization.open(Files.write(folder.resolve("tokenizer.json"), input))) {
            for (int[] tokens :
                tokenizer.encode(List.of("", "a ab  b", "\u00fc \0 \ud83d\ude00"))) {
              assertThat(tokenizer.decode(tokens)).isNotNull();
            }
          }
        },
        TokenizerJsonTest.WORDS);
  }

  @Test
  void maps() {
    run(
        "map",
        List.of(MapFile.write(MapFileTest.MAP)),
        input -> {
          SpaceMap map = MapFile.read(new PackedFile("map.bin", input), 3, 2);
          for (float x : map.apply(new float[] {1, -1, 0.5f})) {
            assertThat(x).isFinite();
          }
        });
  }

  @Test
  void trigrams() {
    run(
        "trigrams",
        List.of(TrigramsTest.bytes()),
        input -> {
          LanguageModel model = Trigrams.read(new PackedFile("trigrams.bin", input), 3);
          int[] words = {LanguageModel.BEGIN, LanguageModel.END, 0, 1, 2};
          for (int a : words) {
            for (int b : words) {
              for (int c : words) {
                assertThat(model.logProbability(a, b, c)).isFinite();
              }
            }
          }
        });
  }

  @Test
  void wordTables() {
    run(
        "words",
        List.of(WordTableTest.bytes()),
        input -> {
          WordTable table = WordTable.read(new PackedFile("words.bin", input), 4, 5);
          for (int word = 0; word < 4; word++) {
            for (float component : table.of(word)) {
              assertThat(component).isFinite();
            }
          }
          assertThat(table.nearest(new float[] {1, 2, 3, 4, 5}, 3)).hasSizeLessThan(4);
        });
  }

  @Test
  void graphs() throws IOException {
    Path file = folder.resolve("graph.onnx");
    run(
        "graph",
        List.of(toy("select.onnx"), toy("embedder.onnx")),
        input -> {
          Files.write(file, input);
          OnnxFile.read("graph.onnx", file).check("graph.onnx", Set.of("embedder.bin"));
        },
        "location",
        "../embedder.bin",
        "/etc/passwd");
  }

  @Test
  void zipFiles() throws IOException {
    Path file = folder.resolve("package.zip");
    Path target = folder.resolve("target");
    run(
        "zip",
        List.of(zip(""), zip("toy/")),
        input -> {
          Files.write(file, input);
          Files.createDirectory(target);
          try {
            PackageImport.copyZip(file, target);
          } finally {
            ProcessFolder.deleteRecursively(target);
          }
        },
        "manifest.json",
        "../");
  }

  /** Two small files and a manifest that lists them. */
  private static byte[] zip(String prefix) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] graph = toy("select.onnx");
    String manifest =
        """
        {"format": 1, "name": "small", "licence": "none",
         "space": {"modelId": "org/small", "variant": "fp32", "dimension": 8, "pooling": "mean",
           "normalized": true, "prefix": "", "tokenLimit": 64},
         "embedder": {"graph": "a.onnx", "tokenizer": "b.json", "inputs": [], "output": "h"},
         "files": {"a.onnx": {"sha256": "%s", "bytes": %d, "source": "package"},
           "b.json": {"sha256": "%s", "bytes": 2, "source": "package"}}}
        """
            .formatted(
                Hashing.sha256().hashBytes(graph),
                graph.length,
                Hashing.sha256().hashString("{}", StandardCharsets.UTF_8));
    Map<String, byte[]> files =
        Map.of(
            "manifest.json",
            manifest.getBytes(StandardCharsets.UTF_8),
            "a.onnx",
            graph,
            "b.json",
            "{}".getBytes(StandardCharsets.UTF_8));
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> file : new TreeMap<>(files).entrySet()) {
        zip.putNextEntry(new ZipEntry(prefix + file.getKey()));
        zip.write(file.getValue());
        zip.closeEntry();
      }
    }
    return out.toByteArray();
  }
}
