package io.vec2text.eval.internal.report;

import io.vec2text.internal.WordsAndMarks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.text.diff.CommandVisitor;
import org.apache.commons.text.diff.StringsComparator;

/**
 * Which words of two texts differ, by the shortest script of edits (Myers 1986). Words are told
 * apart without regard to case.
 *
 * @param target words of the one text, in order
 * @param recovered words of the other
 */
record WordDiff(List<Word> target, List<Word> recovered) {
  /** A word or mark, and whether the other text has it in the same order. */
  record Word(String text, boolean same) {}

  /** Compares texts. */
  static WordDiff of(String target, String recovered) {
    List<String> targetWords = WordsAndMarks.of(target);
    List<String> recoveredWords = WordsAndMarks.of(recovered);
    WordDiff diff = new WordDiff(new ArrayList<>(), new ArrayList<>());
    // The comparator compares characters: each different word becomes one.
    Map<String, Character> letters = new HashMap<>();
    new StringsComparator(spell(targetWords, letters), spell(recoveredWords, letters))
        .getScript()
        .visit(diff.new Collector(targetWords, recoveredWords));
    return diff;
  }

  private static String spell(List<String> words, Map<String, Character> letters) {
    StringBuilder spelled = new StringBuilder();
    for (String word : words) {
      spelled.append(
          (char)
              letters.computeIfAbsent(word.toLowerCase(Locale.ROOT), w -> (char) letters.size()));
    }
    return spelled.toString();
  }

  private final class Collector implements CommandVisitor<Character> {
    private final List<String> targetWords;
    private final List<String> recoveredWords;

    Collector(List<String> targetWords, List<String> recoveredWords) {
      this.targetWords = targetWords;
      this.recoveredWords = recoveredWords;
    }

    private void ofTarget(boolean same) {
      target.add(new Word(targetWords.get(target.size()), same));
    }

    private void ofRecovered(boolean same) {
      recovered.add(new Word(recoveredWords.get(recovered.size()), same));
    }

    @Override
    public void visitKeepCommand(Character letter) {
      ofTarget(true);
      ofRecovered(true);
    }

    @Override
    public void visitDeleteCommand(Character letter) {
      ofTarget(false);
    }

    @Override
    public void visitInsertCommand(Character letter) {
      ofRecovered(false);
    }
  }
}
