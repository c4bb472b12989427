package io.vec2text.eval;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import com.google.common.io.Resources;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class EvaluationSetTest {
  @TempDir Path directory;

  @Test
  void shippedSetsHaveTheStatedSizes() {
    EvaluationSet dev = EvaluationSet.wikipediaDev();
    assertThat(dev.buckets()).containsExactly("4-8", "9-16", "17-32");
    assertThat(dev.buckets().stream().map(b -> dev.bucket(b).size()))
        .containsExactly(239, 500, 500);
    EvaluationSet test = EvaluationSet.shipped("test");
    assertThat(test.name()).isEqualTo("wikipedia-test");
    assertThat(test.buckets().stream().map(b -> test.bucket(b).size()))
        .containsExactly(250, 500, 500);
    assertThat(EvaluationSet.wikipediaDevPassages().size()).isEqualTo(200);
  }

  @Test
  void shippedSetsHaveNoDuplicatesAndShareNone() {
    Set<String> all = new HashSet<>(EvaluationSet.wikipediaDev().texts());
    assertThat(all).hasSize(EvaluationSet.wikipediaDev().size());
    all.addAll(EvaluationSet.wikipediaTest().texts());
    assertThat(all)
        .hasSize(EvaluationSet.wikipediaDev().size() + EvaluationSet.wikipediaTest().size());
  }

  @Test
  void theHashOfAShippedSetIsThatOfItsFile() throws IOException {
    for (EvaluationSet set :
        List.of(
            EvaluationSet.wikipediaDev(),
            EvaluationSet.wikipediaTest(),
            EvaluationSet.wikipediaDevPassages())) {
      byte[] bytes =
          Resources.toByteArray(Resources.getResource(EvaluationSet.class, set.name() + ".tsv"));
      assertThat(set.sha256()).isEqualTo(Hashing.sha256().hashBytes(bytes).toString());
    }
  }

  @Test
  void aSampleDependsOnTheSeedAlone() {
    EvaluationSet dev = EvaluationSet.wikipediaDev();
    EvaluationSet sample = dev.sample(3, 7);
    assertThat(sample.entries()).isEqualTo(EvaluationSet.wikipediaDev().sample(3, 7).entries());
    assertThat(sample.entries()).isNotEqualTo(dev.sample(3, 8).entries());
    assertThat(sample.size()).isEqualTo(9);
    assertThat(sample.sha256())
        .as("pinned: the draw must not change between versions")
        .isEqualTo("9f273eaa33bdc556284ef1c721beb6723c3118fc8802ab76f52b56eb7089e53d");
  }

  @Test
  void aLargerSampleBeginsWithTheSmallerOne() {
    EvaluationSet bucket = EvaluationSet.wikipediaDev().bucket("9-16");
    List<String> large = bucket.sample(50, 1).texts();
    assertThat(large.subList(0, 20)).isEqualTo(bucket.sample(20, 1).texts());
    assertThat(large).doesNotHaveDuplicates();
    assertThat(EvaluationSet.wikipediaDev().sample(20, 1).bucket("9-16").texts())
        .as("a bucket's draw does not depend on the others")
        .isEqualTo(bucket.sample(20, 1).texts());
  }

  @Test
  void aSampleTakesSmallBucketsWhole() {
    EvaluationSet dev = EvaluationSet.wikipediaDev();
    assertThat(dev.sample(500, 0).entries()).containsExactlyInAnyOrderElementsOf(dev.entries());
    assertThat(dev.sample(0, 0).size()).isZero();
  }

  @Test
  void readsAFileOfTexts() throws IOException {
    Path file = directory.resolve("mine.txt");
    Files.writeString(file, "One text.\n\n  Übung zwei.\t\r\nThree\tparts", UTF_8);
    EvaluationSet set = EvaluationSet.read(file);
    assertThat(set.name()).isEqualTo("mine.txt");
    assertThat(set.texts()).containsExactly("One text.", "Übung zwei.", "Three\tparts");
    assertThat(set.buckets()).containsExactly("all");
    assertThat(set).hasToString("mine.txt (3 texts)");
  }

  @Test
  void readsACompressedFileAndChecksTheHashOfItsBytes() throws IOException {
    Path file = directory.resolve("mine.txt.xz");
    try (OutputStream out = new XZOutputStream(Files.newOutputStream(file), new LZMA2Options())) {
      out.write("One text.\n".getBytes(UTF_8));
    }
    assertThat(EvaluationSet.read(file).texts()).containsExactly("One text.");
    String hash = MoreFiles.asByteSource(file).hash(Hashing.sha256()).toString();
    assertThat(EvaluationSet.read(file, hash).size()).isOne();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EvaluationSet.read(file, "0".repeat(64)))
        .withMessage(file + " has sha256 " + hash + ", expected " + "0".repeat(64));
    Files.writeString(file, "One text.");
    assertThatIOException()
        .isThrownBy(() -> EvaluationSet.read(file))
        .withMessageContaining("mine.txt.xz");
  }

  @Test
  void unknownNamesAreRefusedWithTheKnownOnes() throws IOException {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EvaluationSet.shipped("train"))
        .withMessage("split must be dev or test, was \"train\"");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EvaluationSet.wikipediaDev().bucket("1-3"))
        .withMessage("bucket must be one of 4-8, 9-16, 17-32, was \"1-3\"");
    Path empty = Files.writeString(directory.resolve("empty.txt"), "\n \n");
    assertThatIllegalArgumentException().isThrownBy(() -> EvaluationSet.read(empty));
  }

  @Test
  void aFileOfAnotherEncodingIsRefusedByItsName() throws IOException {
    Path latin = Files.write(directory.resolve("latin.txt"), new byte[] {'a', (byte) 0xe9, '\n'});
    assertThatIOException()
        .isThrownBy(() -> EvaluationSet.read(latin))
        .withMessageEndingWith("latin.txt: line 1 is not UTF-8");
  }

  /** 100 KB of xz may be 700 MB of text. */
  @Test
  void boundsWhatItReads() throws IOException {
    Path line = directory.resolve("line.txt.xz");
    Path lines = directory.resolve("lines.txt.xz");
    byte[] megabyte = new byte[1 << 20];
    for (Path file : new Path[] {line, lines}) {
      try (OutputStream out =
          new XZOutputStream(Files.newOutputStream(file), new LZMA2Options(0))) {
        Arrays.fill(megabyte, (byte) (file.equals(line) ? 'a' : '\n'));
        for (int i = 0; i < 5; i++) {
          out.write(megabyte);
        }
      }
    }
    assertThatIOException()
        .isThrownBy(() -> EvaluationSet.read(line))
        .withMessageContaining("line.txt.xz: line 1 is too long, expected at most 1048576 bytes");
    assertThatIOException()
        .isThrownBy(() -> EvaluationSet.read(lines))
        .withMessageContaining("lines.txt.xz: is too long, expected at most 256 MiB");
  }

  @Test
  void namesTheFileThatIsDamaged() throws IOException {
    Path file = directory.resolve("cut.txt.xz");
    try (OutputStream out = new XZOutputStream(Files.newOutputStream(file), new LZMA2Options(0))) {
      for (int i = 0; i < 10_000; i++) {
        out.write((i + " text\n").getBytes(UTF_8));
      }
    }
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    assertThatIOException()
        .isThrownBy(() -> EvaluationSet.read(file))
        .withMessageContaining("cut.txt.xz: can't be decompressed");
  }
}
