package io.vec2text.sources;

import io.vec2text.sources.internal.ListText;
import io.vec2text.sources.internal.VectorText;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * How a table is written.
 *
 * @param separator what stands between cells; of blanks any number may
 * @param quotes whether cells may stand in double quotes
 * @param decimalComma whether numbers have a comma for a point
 */
record Dialect(char separator, boolean quotes, boolean decimalComma) {
  private static final String SEPARATORS = ",\t;| ";
  private static final int ROWS = 30;

  /** Tells the dialect under which the most rows of a sample hold a vector. */
  static Dialect tell(String head, OptionalInt dimension) {
    Dialect best = new Dialect(',', true, false);
    double most = 0;
    for (int i = 0; i < SEPARATORS.length(); i++) {
      char separator = SEPARATORS.charAt(i);
      if (head.indexOf(separator) < 0 && separator != ',') {
        continue;
      }
      for (boolean quotes :
          separator == ' ' ? new boolean[] {false} : new boolean[] {true, false}) {
        if (!quotes && separator != ' ' && head.indexOf('"') < 0) {
          continue;
        }
        for (boolean decimalComma : new boolean[] {false, true}) {
          if (decimalComma && (head.indexOf(',') < 0 || (separator == ',' && !quotes))) {
            continue;
          }
          Dialect dialect = new Dialect(separator, quotes, decimalComma);
          double score = dialect.score(head, dimension);
          // Text whose quotes mean nothing is rare.
          if (score > most + (quotes || separator == ' ' ? 0 : 0.5)) {
            most = score;
            best = dialect;
          }
        }
      }
    }
    return best;
  }

  private double score(String head, OptionalInt dimension) {
    double score = 0;
    for (TableRow row : sample(head, ROWS)) {
      int numbers = 0;
      double list = 0;
      for (String cell : row.cells()) {
        if (isNumber(cell)) {
          numbers++;
        } else if (VectorText.isVector(cell, dimension)) {
          int size = VectorText.size(cell, dimension);
          // Shortened or broken, the list was found, though. Without brackets it may be the row.
          double found = score(size, dimension);
          list = Math.max(list, ListText.isList(cell) ? Math.max(0.5, found) : 0.9 * found);
        }
      }
      score += Math.max(list, score(numbers, dimension));
    }
    return score;
  }

  /** 1 for as many numbers as a vector has, or for more; little for fewer. */
  private static double score(int numbers, OptionalInt dimension) {
    boolean enough = dimension.isPresent() ? numbers >= dimension.getAsInt() : numbers > 1;
    return (enough ? 1 : 0) + numbers * 1e-7;
  }

  /** The first rows of a text, without blank lines; the last one may be cut off. */
  List<TableRow> sample(String head, int most) {
    return sample(new StringReader(head), most);
  }

  /** The first rows of a text, which is closed. */
  List<TableRow> sample(Reader text, int most) {
    List<TableRow> rows = new ArrayList<>();
    try (Table table = new Table("sample", text, this)) {
      for (TableRow row = table.next(); row != null && rows.size() < most; row = table.next()) {
        rows.add(row);
      }
    } catch (IOException e) {
      // The end of the sample may stand within quotes.
    }
    return rows;
  }

  boolean isNumber(String cell) {
    return ListText.isNumber(point(cell));
  }

  /** Reads a number. */
  double number(String cell) {
    return ListText.number(point(cell));
  }

  private String point(String cell) {
    if (!decimalComma) {
      return cell;
    }
    int comma = cell.indexOf(',');
    return comma >= 0 && comma == cell.lastIndexOf(',') && cell.indexOf('.') < 0
        ? cell.replace(',', '.')
        : cell;
  }

  /** The separator in words. */
  String separatorName() {
    return switch (separator) {
      case ',' -> "commas";
      case '\t' -> "tabs";
      case ';' -> "semicolons";
      case '|' -> "bars";
      default -> "blanks";
    };
  }
}
