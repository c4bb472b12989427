package io.vec2text.audit.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vec2text.audit.PopulationShare;
import io.vec2text.audit.report.Comparison.Entry;
import io.vec2text.audit.report.Comparison.Share;
import io.vec2text.eval.internal.report.Block;
import io.vec2text.eval.internal.report.Disclosure;
import io.vec2text.eval.internal.report.Heading;
import io.vec2text.eval.internal.report.Lines;
import io.vec2text.eval.internal.report.Markdown;
import io.vec2text.eval.internal.report.Table;
import java.util.ArrayList;
import java.util.List;

/** Writes comparisons of audits. */
final class ComparisonReport {
  private static final String FORMAT = "vec2text-audit-comparison-1";
  private static final int LISTED = 200;

  private ComparisonReport() {}

  static String markdown(Comparison comparison) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        Lines.notes(
            "Before: "
                + shown(comparison.older())
                + ", now: "
                + shown(comparison.newer())
                + Wording.format(
                    ". %,d findings are new, %,d are gone, %,d are the same.",
                    comparison.added().size(),
                    comparison.gone().size(),
                    comparison.same().size())));
    if (!comparison.warnings().isEmpty()) {
      blocks.add(
          Lines.notes(
              "The audits differ in more than the store, so figures may differ for that reason"
                  + " alone:"));
      blocks.add(Lines.facts(comparison.warnings().stream().map(ComparisonReport::shown).toList()));
    }
    blocks.add(new Heading("Shares"));
    Table shares = new Table(List.of("share", "before", "now", "change, 95 %", ""), 1);
    for (Share share : comparison.shares()) {
      shares.add(
          shown(share.name()),
          counted(share.before()),
          counted(share.after()),
          share
              .change()
              .map(i -> Wording.format("%+.1f to %+.1f points", 100 * i.low(), 100 * i.high()))
              .orElse("–"),
          share.changed() ? "changed" : "no evidence");
    }
    blocks.add(shares);
    findings(blocks, "New", comparison.added());
    findings(blocks, "Gone", comparison.gone());
    return Markdown.of(blocks, Disclosure.REDACTED);
  }

  private static String counted(PopulationShare share) {
    return Wording.format(
        "%,d of %,d (%s)", share.count(), share.sample(), Wording.percent(share.value()));
  }

  private static void findings(List<Block> blocks, String heading, List<Entry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    blocks.add(new Heading(heading));
    Table table = new Table(List.of("severity", "record", "kind", "came back", "key"), 5);
    entries.stream()
        .limit(LISTED)
        .forEach(
            e ->
                table.add(
                    e.severity().toString(),
                    shown(e.record()),
                    shown(e.type()),
                    shown(e.exactness()),
                    shown(e.key())));
    blocks.add(table);
    if (entries.size() > LISTED) {
      blocks.add(
          Lines.notes(
              Wording.format("The first %,d of %,d; JSON holds all.", LISTED, entries.size())));
    }
  }

  private static String shown(String text) {
    return MarkdownReport.escaped(Wording.clean(text));
  }

  static String json(Comparison comparison) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("format", FORMAT);
    root.put("before", comparison.older());
    root.put("after", comparison.newer());
    comparison.warnings().forEach(root.putArray("warnings")::add);
    ArrayNode shares = root.putArray("shares");
    for (Share share : comparison.shares()) {
      ObjectNode each = shares.addObject();
      each.put("name", share.name());
      JsonReport.share(each.putObject("before"), share.before());
      JsonReport.share(each.putObject("after"), share.after());
      share.change().ifPresent(i -> JsonReport.interval(each.putObject("change"), i));
      each.put("changed", share.changed());
    }
    findings(root.putArray("new"), comparison.added());
    findings(root.putArray("gone"), comparison.gone());
    findings(root.putArray("same"), comparison.same());
    return JsonReport.write(root);
  }

  private static void findings(ArrayNode node, List<Entry> entries) {
    for (Entry entry : entries) {
      ObjectNode each = node.addObject();
      each.put("key", entry.key());
      each.put("record", entry.record());
      each.put("type", entry.type());
      each.put("severity", entry.severity().toString());
      each.put("exactness", entry.exactness());
    }
  }
}
