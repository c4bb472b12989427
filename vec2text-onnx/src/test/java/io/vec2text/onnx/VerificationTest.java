package io.vec2text.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerificationTest {
  @TempDir private Path folder;

  @BeforeEach
  void copy() {
    T5Toy.copyTo(folder);
  }

  private void damage(boolean sameTime) throws IOException {
    Path file = folder.resolve("corrector.bin");
    FileTime time = Files.getLastModifiedTime(file);
    byte[] bytes = Files.readAllBytes(file);
    bytes[1000] ^= 1;
    Files.write(file, bytes);
    Files.setLastModifiedTime(file, sameTime ? time : FileTime.fromMillis(time.toMillis() + 5000));
  }

  private void assertRefused(Verification verification, String message) {
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> ModelPackage.open(folder, verification))
        .withMessageContaining(message);
  }

  @Test
  void byDefaultEveryOpenLooksAtEveryByte() throws IOException {
    ModelPackage.open(folder);
    damage(true);
    assertRefused(Verification.always(), "file corrector.bin has SHA-256");
  }

  @Test
  void onceIsEnoughForAFileThatLooksUntouched() throws IOException {
    ModelPackage.open(folder, Verification.once());
    damage(true);
    // This is the price of the weaker choice.
    assertThat(ModelPackage.open(folder, Verification.once()).name()).isEqualTo("t5-toy");
    damage(true); // whole again
    damage(false);
    assertRefused(Verification.once(), "file corrector.bin has SHA-256");
  }

  @Test
  void theFirstTimeIsNoDifferent() throws IOException {
    damage(true);
    assertRefused(Verification.once(), "file corrector.bin has SHA-256");
    assertRefused(Verification.once(), "file corrector.bin has SHA-256");
    Files.delete(folder.resolve("corrector.bin"));
    assertRefused(Verification.once(), "file corrector.bin is missing");
  }

  @Test
  void ofSeveralErrorsTheFirstIsNamed() throws IOException {
    damage(true);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files.filter(f -> f.toString().endsWith("x"))::iterator) {
        Files.writeString(file, "");
      }
    }
    assertRefused(Verification.always(), "file correct.onnx has 0 bytes, expected 53823");
  }

  @Test
  void aPinnedManifestPinsThePackage() throws IOException {
    String hash =
        MoreFiles.asByteSource(folder.resolve("manifest.json")).hash(Hashing.sha256()).toString();
    Verification pinned = Verification.once().pinned(hash);
    assertThat(ModelPackage.open(folder, pinned).name()).isEqualTo("t5-toy");
    DamagedPackage.of(folder).manifest(json -> json.replace("t5-toy", "t5-boy"));
    assertRefused(pinned, "file manifest.json has SHA-256");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Verification.always().pinned("abc"))
        .withMessageContaining("was \"abc\"");
  }
}
