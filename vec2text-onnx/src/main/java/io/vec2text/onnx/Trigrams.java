package io.vec2text.onnx;

import io.vec2text.spi.LanguageModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * A trigram model with interpolated Kneser-Ney smoothing (Chen and Goodman 1999), as the package's
 * file {@code trigrams.bin} holds it: a trie of word ids with log-probabilities of a byte each. The
 * format is described in training/vec2text_training/trigrams.py.
 */
final class Trigrams implements LanguageModel {
  private static final int HEADER = 16;
  private static final float MAX_QUANTUM = 1;

  /** Ids of words and of the two ends are of two bytes each. */
  private static final int MAX_WORDS = Character.MAX_VALUE - 1;

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

  private Trigrams(PackedFile in) {
    words = in.nextInt();
    int bigramCount = in.nextInt();
    int trigramCount = in.nextInt();
    quantum = in.nextFloat();
    unigrams = in.bytes(words + 2);
    unigramRests = in.bytes(words + 2);
    bigramStarts = in.ints(words + 3);
    bigramWords = in.chars(bigramCount);
    bigrams = in.bytes(bigramCount);
    bigramRests = in.bytes(bigramCount);
    trigramStarts = in.ints(bigramCount + 1);
    trigramWords = in.chars(trigramCount);
    trigrams = in.bytes(trigramCount);
  }

  /**
   * Reads a model.
   *
   * @param vocabulary words that it must have
   * @throws ModelFormatException if the file is not one, or for another vocabulary
   */
  static Trigrams read(Path file, int vocabulary) {
    return read(PackedFile.read(file), vocabulary);
  }

  static Trigrams read(PackedFile in, int vocabulary) {
    String name = in.name();
    if (vocabulary > MAX_WORDS) {
      throw new ModelFormatException(
          String.format(
              Locale.ROOT,
              "%s: the tokenizer has %d words, expected at most %d for a trigram model",
              name,
              vocabulary,
              MAX_WORDS));
    }
    long expected = HEADER;
    if (in.has(HEADER)) {
      long words = in.first(0);
      long bigrams = in.first(1);
      long trigrams = in.first(2);
      if (words != vocabulary || bigrams < 0 || trigrams < 0) {
        throw new ModelFormatException(
            String.format(
                "%s has %d words, %d bigrams and %d trigrams, expected %d words",
                name, words, bigrams, trigrams, vocabulary));
      }
      expected += 2 * (words + 2) + 4 * (words + 3) + 8 * bigrams + 4 + 3 * trigrams;
    }
    in.requireSize(expected);
    Trigrams read = new Trigrams(in);
    if (!(read.quantum > 0 && read.quantum <= MAX_QUANTUM)) {
      throw new ModelFormatException(
          name + " has log-probabilities in units of " + read.quantum + ", expected above 0 to 1");
    }
    checkStarts(name + ": bigrams", read.bigramStarts, read.bigramWords, vocabulary);
    checkStarts(name + ": trigrams", read.trigramStarts, read.trigramWords, vocabulary);
    return read;
  }

  /** Where the words after each context begin: rising from 0 to their number, as the words do. */
  private static void checkStarts(String what, int[] starts, char[] words, int vocabulary) {
    for (int i = 0; i < starts.length; i++) {
      int least = i == 0 ? 0 : starts[i - 1];
      int most = i == 0 ? 0 : words.length;
      if (starts[i] < least || starts[i] > most) {
        throw new ModelFormatException(
            String.format(
                "%s of context %d begin at %d, expected from %d to %d",
                what, i, starts[i], least, most));
      }
      for (int at = least; at < starts[i]; at++) {
        if (words[at] > vocabulary + 1 || (at > least && words[at] <= words[at - 1])) {
          throw new ModelFormatException(
              String.format(
                  "%s of context %d have the word %d, expected rising ones up to %d",
                  what, i - 1, (int) words[at], vocabulary + 1));
        }
      }
    }
    if (starts[starts.length - 1] != words.length) {
      throw new ModelFormatException(
          String.format(
              "%s end at %d, expected %d", what, starts[starts.length - 1], words.length));
    }
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
