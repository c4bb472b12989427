package io.vec2text.audit.report;

import io.vec2text.audit.AuditReport;
import io.vec2text.eval.internal.report.Block;
import io.vec2text.eval.internal.report.Disclosure;
import io.vec2text.eval.internal.report.Heading;
import io.vec2text.eval.internal.report.Lines;
import io.vec2text.eval.internal.report.Markdown;
import io.vec2text.eval.internal.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Writes Markdown. */
final class MarkdownReport {
  private static final Pattern SPECIAL = Pattern.compile("[\\\\`*_{}\\[\\]<>#&~!]");

  private MarkdownReport() {}

  static String of(AuditReport report, Rendering rendering) {
    Sections sections = new Sections(report, rendering, MarkdownReport::escaped);
    List<Block> blocks = new ArrayList<>(top(report));
    blocks.add(new Heading("What to do"));
    blocks.add(Lines.facts(Wording.advice(report)));
    blocks.addAll(sections.details());
    blocks.add(new Heading("Sign-off"));
    Table sign = new Table(List.of("role", "name", "decision", "date", "next audit"), 5);
    sign.add("audited by", "", "", "", "");
    sign.add("accepted by", "", "", "", "");
    blocks.add(sign);
    return "# "
        + escaped(Wording.title(report))
        + "\n\n"
        + Markdown.of(blocks, Disclosure.REDACTED);
  }

  static String summary(AuditReport report, Rendering rendering) {
    Sections sections = new Sections(report, rendering, MarkdownReport::escaped);
    List<Block> blocks = new ArrayList<>();
    blocks.add(Lines.notes(Wording.risk(report).headline() + "."));
    blocks.add(Lines.facts(Wording.mainFigures(report)));
    blocks.addAll(sections.types().stream().filter(b -> b instanceof Table).toList());
    blocks.add(Lines.notes(sections.counts()));
    return Markdown.of(blocks, Disclosure.REDACTED);
  }

  private static List<Block> top(AuditReport report) {
    return List.of(
        Lines.notes("**" + Wording.risk(report).headline() + ".**"),
        Lines.notes(Wording.explanation()),
        Lines.facts(Wording.mainFigures(report)));
  }

  static String escaped(String text) {
    return SPECIAL.matcher(text).replaceAll("\\\\$0");
  }
}
