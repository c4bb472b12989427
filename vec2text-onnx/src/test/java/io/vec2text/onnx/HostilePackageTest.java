package io.vec2text.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.hash.Hashing;
import io.vec2text.testing.Mutator;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packages made to do harm, small ones of each kind: each is refused by one line. */
class HostilePackageTest {
  @TempDir private Path temp;

  private Path copy() throws IOException {
    return T5Toy.copyTo(Files.createTempDirectory(temp, "package"));
  }

  private static List<Path> toy() throws IOException {
    try (Stream<Path> files = Files.list(T5Toy.folder())) {
      return files.sorted().toList();
    }
  }

  private static void assertRefused(Path source, Path target, String message) {
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> PackageImport.run(source, target, Device.CPU, 1))
        .withMessageContaining(message)
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
  }

  private void assertImportRefused(Path source, String message) throws IOException {
    Path target = Files.createTempDirectory(temp, "models").resolve("toy");
    assertRefused(source, target, message);
    try (Stream<Path> left = Files.list(target.getParent())) {
      assertThat(left).as("left behind").isEmpty();
    }
  }

  private Path zip(String... namesAndTexts) throws IOException {
    Path zip = Files.createTempFile(temp, "package", ".zip");
    try (OutputStream out = Files.newOutputStream(zip);
        ZipOutputStream entries = new ZipOutputStream(out)) {
      for (Path file : toy()) {
        String name = file.getFileName().toString();
        if (!Arrays.asList(namesAndTexts).contains("-" + name)) {
          entries.putNextEntry(new ZipEntry(name));
          Files.copy(file, entries);
        }
      }
      for (int i = 0; i + 1 < namesAndTexts.length; i += 2) {
        if (!namesAndTexts[i].startsWith("-")) {
          entries.putNextEntry(new ZipEntry(namesAndTexts[i]));
          entries.write(namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8));
        }
      }
    }
    return zip;
  }

  @Test
  void entriesHaveNoMoreThanTheManifestSays() throws IOException {
    Path zip = temp.resolve("bomb.zip");
    try (OutputStream out = Files.newOutputStream(zip);
        ZipOutputStream entries = new ZipOutputStream(out)) {
      entries.setLevel(Deflater.BEST_SPEED);
      for (Path file : toy()) {
        entries.putNextEntry(new ZipEntry(file.getFileName().toString()));
        Files.copy(file, entries);
        if (file.endsWith("correct.onnx")) {
          for (int i = 0; i < 200; i++) {
            entries.write(new byte[1 << 20]);
          }
        }
      }
    }
    assertImportRefused(zip, "file correct.onnx has more than the 53823 bytes expected");
  }

  @Test
  void entriesStayInsideAndAreThereOnce() throws IOException {
    assertImportRefused(zip("../evil", "x"), "has the entry \"../evil\"");
    assertImportRefused(zip("/evil", "x"), "has the entry \"/evil\"");
    assertImportRefused(zip("a\\..\\evil", "x"), "expected names that stay inside");
    assertImportRefused(zip("Tokenizer.JSON", "{}"), "and \"Tokenizer.JSON\", expected one");
    assertImportRefused(zip("-select.onnx", ""), "file select.onnx is missing in ");
  }

  @Test
  void aTruncatedZipFileIsNamed() throws IOException {
    byte[] whole = Files.readAllBytes(zip());
    for (int n : new int[] {0, 10, whole.length / 2, whole.length - 1}) {
      Path zip = Files.write(temp.resolve("cut.zip"), Arrays.copyOf(whole, n));
      assertImportRefused(zip, "cut.zip is neither a directory nor a whole zip file");
    }
    byte[] damaged = whole.clone();
    Arrays.fill(damaged, 60, 2000, (byte) 7);
    assertImportRefused(Files.write(temp.resolve("cut.zip"), damaged), "whole zip file");
  }

  @Test
  void onlyRegularFilesAreCopied() throws Exception {
    Path copy = copy();
    Path weights = copy.resolve("corrector.bin");
    Files.move(weights, temp.resolve("elsewhere"));
    Files.createSymbolicLink(weights, temp.resolve("elsewhere"));
    assertImportRefused(copy, "is a link, a device or the like, expected a regular file");
    Files.delete(weights);
    assertThat(new ProcessBuilder("mkfifo", weights.toString()).start().waitFor()).isZero();
    assertImportRefused(copy, "expected a regular file");
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> ModelPackage.open(copy))
        .withMessageContaining("corrector.bin");
    assertImportRefused(Path.of("/dev/zero"), "is neither a directory nor a zip file");
  }

  @Test
  void declaredSizesAreBounded() throws IOException {
    Path copy = copy();
    DamagedPackage.of(copy)
        .manifest(json -> json.replace("\"bytes\": 439296", "\"bytes\": 9000000000000000000"));
    assertImportRefused(copy, "expected at most ");
    DamagedPackage.of(copy)
        .manifest(json -> json.replace("\"bytes\": 32761", "\"bytes\": 2200000000"));
    assertImportRefused(copy, "tokenizer tokenizer.json has 2200000000 bytes, expected at most");
  }

  /** Weights beside the graph that nobody has hashed. */
  @Test
  void externalDataMustBeListed() throws IOException {
    Path copy = copy();
    byte[] graph = Files.readAllBytes(copy.resolve("correct.onnx"));
    String text = new String(graph, StandardCharsets.ISO_8859_1);
    assertThat(text).contains("corrector.bin");
    for (String other : List.of("corrector.bim", "../../../etc/", "/etc/password")) {
      Path hostile = copy();
      byte[] changed =
          text.replace("corrector.bin", other.substring(0, 13))
              .getBytes(StandardCharsets.ISO_8859_1);
      Files.write(hostile.resolve("correct.onnx"), changed);
      DamagedPackage.of(hostile)
          .manifest(
              json ->
                  json.replace(
                      Hashing.sha256().hashBytes(graph).toString(),
                      Hashing.sha256().hashBytes(changed).toString()));
      assertImportRefused(
          hostile, "graph correct.onnx keeps weights in \"" + other.substring(0, 13) + "\"");
    }
  }

  /** What is hashed is what is loaded, though files are swapped all the time. */
  @Test
  void aFileThatIsSwappedIsNeverLoaded() throws Exception {
    Path copy = copy();
    Path file = copy.resolve("tokenizer.json");
    byte[] good = Files.readAllBytes(file);
    byte[] bad = good.clone();
    Arrays.fill(bad, good.length - 100, good.length, (byte) ' ');
    Files.write(copy.resolve("good"), good);
    Files.write(copy.resolve("bad"), bad);
    AtomicBoolean done = new AtomicBoolean();
    Thread swapper =
        new Thread(
            () -> {
              try {
                while (!done.get()) {
                  for (byte[] content : List.of(bad, good)) {
                    Files.write(copy.resolve("next"), content);
                    Files.move(copy.resolve("next"), file, StandardCopyOption.ATOMIC_MOVE);
                  }
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    swapper.start();
    int opened = 0;
    try {
      for (int i = 0; i < 50; i++) {
        try {
          assertThat(ModelPackage.open(copy).file("tokenizer.json")).hasBinaryContent(good);
          opened++;
        } catch (ModelFormatException e) {
          assertThat(e).hasMessageContaining("file tokenizer.json has SHA-256");
        }
      }
    } finally {
      done.set(true);
      swapper.join();
    }
    assertThat(opened).isPositive();
  }

  @Test
  void aCheckThatTakesTooLongIsEnded() {
    try (CheckProcess process = new CheckProcess(Duration.ofMillis(1))) {
      assertThatExceptionOfType(ModelFormatException.class)
          .isThrownBy(() -> process.check(T5Toy.folder(), Device.CPU, 1))
          .withMessageContaining("take longer than 0 s to check");
    }
  }

  /** The property {@code vec2text.tokenizers} says how many; none may end this process. */
  @Test
  void mutatedTokenizersAreReadOrRefused() throws IOException {
    int n = Integer.getInteger("vec2text.tokenizers", 12);
    Path copy = copy();
    byte[] good = Files.readAllBytes(copy.resolve("tokenizer.json"));
    String manifest = Files.readString(copy.resolve("manifest.json"));
    String hash = Hashing.sha256().hashBytes(good).toString();
    Mutator mutator = new Mutator(List.of(good), List.of(TokenizerJsonTest.WORDS));
    int read = 0;
    int ended = 0;
    try (CheckProcess process = new CheckProcess()) {
      for (int i = 0; i < n; i++) {
        byte[] bad = mutator.mutate(25, i);
        Files.write(copy.resolve("tokenizer.json"), bad);
        Files.writeString(
            copy.resolve("manifest.json"),
            manifest
                .replace(hash, Hashing.sha256().hashBytes(bad).toString())
                .replace("\"bytes\": " + good.length, "\"bytes\": " + bad.length));
        try {
          PackageCheck unused = process.check(copy, Device.CPU, 1);
          read++;
        } catch (ModelFormatException e) {
          if (e.getMessage().contains("end the process")) {
            ended++;
            Files.write(Path.of("target", "ends-" + i + ".json"), bad);
          }
        }
      }
    }
    System.out.printf("tokenizers: %d, %d read, %d ended the other process%n", n, read, ended);
    assertThat(ended).isLessThan(1 + n / 100);
  }
}
