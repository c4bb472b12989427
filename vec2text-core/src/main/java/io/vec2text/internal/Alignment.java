package io.vec2text.internal;

import java.util.List;

/** Which words of a text another text has in the same place (Levenshtein 1966, over words). */
public final class Alignment {
  private Alignment() {}

  /**
   * The words that stay as they are when {@code text} is turned into {@code other} by as few
   * insertions, deletions and substitutions of words as possible. Of two words that have changed
   * places neither stays. Where several ways are equally short, earlier words stay.
   *
   * @return for each word of {@code text}, whether it stays
   */
  public static boolean[] kept(List<String> text, List<String> other) {
    int n = text.size();
    int m = other.size();
    // steps[i][j]: fewest changes from the words of text from i on to those of other from j on.
    int[][] steps = new int[n + 1][m + 1];
    for (int i = n; i >= 0; i--) {
      for (int j = m; j >= 0; j--) {
        if (i == n || j == m) {
          steps[i][j] = n - i + m - j;
        } else {
          int replaced = steps[i + 1][j + 1] + (text.get(i).equals(other.get(j)) ? 0 : 1);
          steps[i][j] = Math.min(replaced, 1 + Math.min(steps[i + 1][j], steps[i][j + 1]));
        }
      }
    }
    boolean[] kept = new boolean[n];
    int j = 0;
    for (int i = 0; i < n; ) {
      if (j < m && text.get(i).equals(other.get(j))) {
        kept[i++] = true;
        j++;
      } else if (j < m && steps[i][j] == 1 + steps[i + 1][j + 1]) {
        i++;
        j++;
      } else if (steps[i][j] == 1 + steps[i + 1][j]) {
        i++;
      } else {
        j++;
      }
    }
    return kept;
  }
}
