package io.vec2text.onnx;

import io.vec2text.LanguageModel;
import io.vec2text.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A trigram model with interpolated Kneser-Ney smoothing (Chen and Goodman 1999), as the package's
 * file {@code trigrams.bin} holds it: a trie of word ids with log-probabilities of a byte each. The
 * format is described in training/vec2text_training/trigrams.py.
 */
final class Trigrams implements LanguageModel {
  private final int words;
  private final float quantum;
  private final byte[] unigrams;
  private final byte[] unigramRests;
  private final int[] bigramStarts;
  private final char[] bigramWords;
  private final byte[] bigrams;
  private final byte[] bigramRests;
  private final int[] trigramStarts;
  private final char[] trigramWords;
  private final byte[] trigrams;

  private Trigrams(ByteBuffer in) {
    words = in.getInt();
    int bigramCount = in.getInt();
    int trigramCount = in.getInt();
    quantum = in.getFloat();
    unigrams = bytes(in, words + 2);
    unigramRests = bytes(in, words + 2);
    bigramStarts = ints(in, words + 3);
    bigramWords = chars(in, bigramCount);
    bigrams = bytes(in, bigramCount);
    bigramRests = bytes(in, bigramCount);
    trigramStarts = ints(in, bigramCount + 1);
    trigramWords = chars(in, trigramCount);
    trigrams = bytes(in, trigramCount);
  }

  /**
   * Reads a model.
   *
   * @param vocabulary words that it must have
   * @throws ModelFormatException if the file is not one, or for another vocabulary
   */
  static Trigrams read(Path file, int vocabulary) {
    ByteBuffer in;
    try {
      in = ByteBuffer.wrap(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new ModelFormatException("can't read " + file, e);
    }
    long expected = 16;
    if (in.remaining() >= expected) {
      long words = in.getInt(0);
      long bigrams = in.getInt(4);
      long trigrams = in.getInt(8);
      if (words != vocabulary || bigrams < 0 || trigrams < 0) {
        throw new ModelFormatException(
            String.format(
                "%s has %d words, %d bigrams and %d trigrams, expected %d words",
                file, words, bigrams, trigrams, vocabulary));
      }
      expected += 2 * (words + 2) + 4 * (words + 3) + 8 * bigrams + 4 + 3 * trigrams;
    }
    if (in.remaining() != expected) {
      throw new ModelFormatException(
          file + " has " + in.remaining() + " bytes, expected " + expected);
    }
    return new Trigrams(in);
  }

  private static byte[] bytes(ByteBuffer in, int n) {
    byte[] bytes = new byte[n];
    in.get(bytes);
    return bytes;
  }

  private static int[] ints(ByteBuffer in, int n) {
    int[] ints = new int[n];
    in.asIntBuffer().get(ints);
    in.position(in.position() + Integer.BYTES * n);
    return ints;
  }

  private static char[] chars(ByteBuffer in, int n) {
    char[] chars = new char[n];
    in.asCharBuffer().get(chars);
    in.position(in.position() + Character.BYTES * n);
    return chars;
  }

  @Override
  public float logProbability(int beforeLast, int last, int next) {
    int first = id(beforeLast);
    int second = id(last);
    int third = id(next);
    int context = find(bigramWords, bigramStarts[first], bigramStarts[first + 1], second);
    int quanta = 0;
    if (context >= 0) {
      int at = find(trigramWords, trigramStarts[context], trigramStarts[context + 1], third);
      if (at >= 0) {
        return quantum * -quanta(trigrams[at]);
      }
      quanta = quanta(bigramRests[context]);
    }
    int at = find(bigramWords, bigramStarts[second], bigramStarts[second + 1], third);
    quanta +=
        at >= 0 ? quanta(bigrams[at]) : quanta(unigramRests[second]) + quanta(unigrams[third]);
    return quantum * -quanta;
  }

  private int id(int token) {
    return switch (token) {
      case BEGIN -> words + 1;
      case END -> words;
      default -> token;
    };
  }

  private static int quanta(byte b) {
    return Byte.toUnsignedInt(b);
  }

  private static int find(char[] sorted, int from, int to, int word) {
    return Arrays.binarySearch(sorted, from, to, (char) word);
  }
}
