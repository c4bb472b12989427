package io.vec2text.eval.internal.report;

import com.google.common.base.Strings;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes reports as Markdown that reads well as it is: columns are padded to one width. */
public final class Markdown {
  private static final Pattern SPECIAL = Pattern.compile("[\\\\`*_{}\\[\\]<>#|&~]");

  private Markdown() {}

  /** A report under its title. */
  public static String of(Report report, Disclosure disclosure) {
    return "# " + report.title() + "\n\n" + of(report.blocks(), disclosure);
  }

  /** Blocks with an empty line between. Plots are left out: their figures are in the tables. */
  public static String of(List<? extends Block> blocks, Disclosure disclosure) {
    List<String> parts = new ArrayList<>();
    for (Block block : blocks) {
      if (block instanceof Heading heading) {
        parts.add("## " + heading.text() + "\n");
      } else if (block instanceof Lines lines) {
        parts.add(lines(lines));
      } else if (block instanceof Table table) {
        parts.add(table(table));
      } else if (block instanceof Examples examples) {
        parts.add("## " + Examples.HEADING + "\n");
        examples.examples().forEach(e -> parts.add(example(e, disclosure)));
      }
    }
    return String.join("\n", parts);
  }

  private static String lines(Lines lines) {
    String start = lines.listed() ? "- " : "";
    return lines.lines().stream().map(l -> start + l + "\n").collect(Collectors.joining());
  }

  private static String example(Examples.Example example, Disclosure disclosure) {
    WordDiff diff = WordDiff.of(example.target(), example.recovered());
    return "- target: "
        + words(diff.target(), disclosure)
        + "\n- recovered: "
        + words(diff.recovered(), disclosure)
        + "\n- "
        + example.bucket()
        + " tokens: "
        + example.outcome()
        + "\n";
  }

  /** Words that the other text lacks are bold. */
  private static String words(List<WordDiff.Word> words, Disclosure disclosure) {
    return words.stream()
        .map(
            w -> {
              String shown = SPECIAL.matcher(disclosure.show(w.text())).replaceAll("\\\\$0");
              return w.same() ? shown : "**" + shown + "**";
            })
        .collect(Collectors.joining(" "));
  }

  private static String table(Table table) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(table.header());
    rows.addAll(table.rows());
    rows.replaceAll(row -> row.stream().map(cell -> cell.replace("|", "\\|")).toList());
    int columns = table.header().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int c = 0; c < columns; c++) {
        widths[c] = Math.max(widths[c], row.get(c).length());
      }
    }
    StringBuilder out = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      out.append('|');
      for (int c = 0; c < columns; c++) {
        String cell = rows.get(r).get(c);
        String padded =
            c < table.left()
                ? Strings.padEnd(cell, widths[c], ' ')
                : Strings.padStart(cell, widths[c], ' ');
        out.append(' ').append(padded).append(" |");
      }
      out.append('\n');
      if (r == 0) {
        out.append('|');
        for (int c = 0; c < columns; c++) {
          String rule = "-".repeat(widths[c]);
          out.append(c < table.left() ? " " + rule + " |" : " " + rule + ":|");
        }
        out.append('\n');
      }
    }
    return out.toString();
  }
}
