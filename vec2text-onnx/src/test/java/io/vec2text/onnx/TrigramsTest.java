package io.vec2text.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vec2text.spi.LanguageModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrigramsTest {
  private static final int BEGIN = LanguageModel.BEGIN;
  private static final int END = LanguageModel.END;

  @TempDir private Path folder;
  private Path file;

  /** Words 0 to 2, the end 3 and the beginning 4; bigrams 44, 40 and 01, trigrams 440 and 401. */
  static byte[] bytes() {
    ByteBuffer out = ByteBuffer.allocate(16 + 10 + 24 + 3 * 4 + 16 + 2 * 3);
    out.putInt(3).putInt(3).putInt(2).putFloat(0.5f);
    out.put(new byte[] {10, 11, 12, 13, 0}); // words
    out.put(new byte[] {1, 2, 3, 0, 4}); // what shorter contexts weigh after them
    for (int start : new int[] {0, 1, 1, 1, 1, 3}) {
      out.putInt(start);
    }
    out.putChar((char) 1).putChar((char) 0).putChar((char) 4);
    out.put(new byte[] {20, 21, 0}); // bigrams
    out.put(new byte[] {5, 6, (byte) 200}); // what shorter contexts weigh after them
    for (int start : new int[] {0, 0, 1, 2}) {
      out.putInt(start);
    }
    out.putChar((char) 1).putChar((char) 0);
    out.put(new byte[] {30, 31});
    assertThat(out.remaining()).isZero();
    return out.array();
  }

  @BeforeEach
  void write() throws IOException {
    file = Files.write(folder.resolve("trigrams.bin"), bytes());
  }

  @Test
  void theLongestKnownContextCounts() {
    LanguageModel model = Trigrams.read(file, 3);
    assertThat(model.logProbability(BEGIN, BEGIN, 0)).as("trigram").isEqualTo(-31 * 0.5f);
    assertThat(model.logProbability(BEGIN, 0, 1)).as("trigram").isEqualTo(-30 * 0.5f);
    assertThat(model.logProbability(2, 0, 1)).as("bigram, context unknown").isEqualTo(-20 * 0.5f);
    assertThat(model.logProbability(0, 1, 2)).as("word").isEqualTo(-(5 + 2 + 12) * 0.5f);
    assertThat(model.logProbability(BEGIN, 0, END)).as("end").isEqualTo(-(6 + 1 + 13) * 0.5f);
    assertThat(model.logProbability(BEGIN, BEGIN, 2)).isEqualTo(-(200 + 4 + 12) * 0.5f);
  }

  @Test
  void anotherVocabularyIsNamed() {
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> Trigrams.read(file, 4))
        .withMessageContaining("has 3 words")
        .withMessageContaining("expected 4 words");
  }

  @Test
  void anotherSizeIsNamed() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    for (int n : new int[] {0, 3, bytes.length - 1}) {
      Files.write(file, Arrays.copyOf(bytes, n));
      assertThatExceptionOfType(ModelFormatException.class)
          .isThrownBy(() -> Trigrams.read(file, 3))
          .withMessageContaining("has " + n + " bytes, expected ");
    }
  }

  private static void assertRefused(int at, int number, String message) {
    byte[] bytes = bytes();
    ByteBuffer.wrap(bytes).putInt(at, number);
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> Trigrams.read(new PackedFile("trigrams.bin", bytes), 3))
        .withMessageContaining(message);
  }

  @Test
  void whatLeadsNowhereIsNamed() {
    for (float quantum : new float[] {Float.NaN, 0, -1, Float.POSITIVE_INFINITY, 1e30f}) {
      assertRefused(12, Float.floatToIntBits(quantum), "in units of " + quantum);
    }
    int starts = 16 + 10;
    assertRefused(starts, -1, "bigrams of context 0 begin at -1, expected from 0 to 0");
    assertRefused(starts + 8, 7, "bigrams of context 2 begin at 7, expected from 1 to 3");
    assertRefused(starts + 20, 2, "bigrams end at 2, expected 3");
    assertRefused(starts + 24, 0x7000_0000, "have the word 28672, expected rising ones up to 4");
    assertRefused(starts + 24 + 12 + 4, 3, "trigrams of context 1 begin at 3");
  }

  @Test
  void aVocabularyOfWhichIdsNeedMoreThanTwoBytesIsRefused() {
    ByteBuffer header = ByteBuffer.allocate(16).putInt(65_535).putInt(0).putInt(0).putFloat(0.5f);
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> Trigrams.read(new PackedFile("trigrams.bin", header.array()), 65_535))
        .withMessage(
            "trigrams.bin: the tokenizer has 65535 words, expected at most 65534 for a trigram"
                + " model");
  }
}
