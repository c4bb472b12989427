package io.vec2text.onnx;

import com.google.common.base.Utf8;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.BitSet;
import java.util.Deque;

/**
 * Checks SentencePiece's table of normalisations: the length in bytes of a double-array trie, the
 * trie's units of 32 bits, and the texts that its leaves lead to, in UTF-8 and ended by zeros. The
 * native code looks up what the units say without asking whether it is there.
 */
final class Charsmap {
  private static final int MAX_BYTES = 1 << 24;
  private static final int LEAF = 1 << 31;

  private final TokenizerField field;
  private final int[] units;
  private final byte[] texts;

  private Charsmap(TokenizerField field, int[] units, byte[] texts) {
    this.field = field;
    this.units = units;
    this.texts = texts;
  }

  /** Checks a table in Base64. */
  static void check(TokenizerField field) {
    if (field.text().length() > MAX_BYTES) {
      throw field.wrong("at most " + MAX_BYTES + " characters");
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(field.text());
    } catch (IllegalArgumentException e) {
      throw field.wrong("Base64");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int trie = bytes.length < Integer.BYTES ? -1 : in.getInt();
    if (trie < Integer.BYTES || trie % Integer.BYTES != 0 || trie > in.remaining()) {
      throw field.wrong("the length of a trie, the trie, and texts");
    }
    int[] units = new int[trie / Integer.BYTES];
    in.asIntBuffer().get(units);
    byte[] texts = new byte[in.remaining() - trie];
    in.position(in.position() + trie).get(texts);
    new Charsmap(field, units, texts).check();
  }

  /** Walks all paths, as {@code spm_precompiled} does along a text. */
  private void check() {
    if (!Utf8.isWellFormed(texts)) {
      throw field.wrong("texts in UTF-8");
    }
    BitSet seen = new BitSet();
    Deque<Integer> open = new ArrayDeque<>();
    open.add(offset(units[0]));
    while (!open.isEmpty()) {
      int at = open.remove();
      if (at < 0 || at >= units.length) {
        throw outside();
      }
      if (seen.get(at)) {
        continue;
      }
      seen.set(at);
      for (int label = 1; label < 256; label++) {
        int next = at ^ label;
        if (next >= units.length) {
          throw outside();
        }
        int unit = units[next];
        if ((unit & (LEAF | 0xFF)) == label) {
          int child = next ^ offset(unit);
          open.add(child);
          if ((unit >>> 8 & 1) == 1) {
            leaf(child);
          }
        }
      }
    }
  }

  private static int offset(int unit) {
    return (unit >>> 10) << ((unit & (1 << 9)) >>> 6);
  }

  private void leaf(int at) {
    if (at < 0 || at >= units.length) {
      throw outside();
    }
    int text = units[at] & ~LEAF;
    boolean begins = text < texts.length ? (texts[text] & 0xC0) != 0x80 : text == texts.length;
    if (!begins) {
      throw field.wrong("leaves that lead to the begin of a text");
    }
  }

  private RuntimeException outside() {
    return field.wrong("a trie whose units lead to units");
  }
}
