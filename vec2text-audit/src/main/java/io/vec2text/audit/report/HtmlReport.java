package io.vec2text.audit.report;

import static j2html.TagCreator.body;
import static j2html.TagCreator.div;
import static j2html.TagCreator.document;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h1;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.head;
import static j2html.TagCreator.html;
import static j2html.TagCreator.li;
import static j2html.TagCreator.main;
import static j2html.TagCreator.meta;
import static j2html.TagCreator.p;
import static j2html.TagCreator.rawHtml;
import static j2html.TagCreator.section;
import static j2html.TagCreator.span;
import static j2html.TagCreator.style;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.text;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.title;
import static j2html.TagCreator.tr;
import static j2html.TagCreator.ul;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import com.google.common.io.BaseEncoding;
import com.google.common.io.Resources;
import io.vec2text.audit.AuditReport;
import io.vec2text.audit.PopulationShare;
import io.vec2text.audit.Severity;
import io.vec2text.eval.internal.report.Block;
import io.vec2text.eval.internal.report.Heading;
import io.vec2text.eval.internal.report.HtmlTable;
import io.vec2text.eval.internal.report.Lines;
import io.vec2text.eval.internal.report.Table;
import j2html.tags.DomContent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Writes one HTML file that needs nothing else: no script, nothing remote, and a policy (Content
 * Security Policy Level 3) that lets a browser load nothing but the file's own style. The first
 * printed page is for who decides, the rest for who repairs. All text is escaped.
 */
final class HtmlReport {
  private static final String STYLE = readStyle();

  private HtmlReport() {}

  private static String readStyle() {
    try {
      return Resources.toString(Resources.getResource(HtmlReport.class, "audit.css"), UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("can't read the style of reports", e);
    }
  }

  static String of(AuditReport report, Rendering rendering) {
    Sections sections = new Sections(report, rendering, UnaryOperator.identity());
    return document(
            html(
                    head(
                        meta().withCharset("utf-8"),
                        meta().attr("http-equiv", "Content-Security-Policy").withContent(policy()),
                        meta()
                            .withName("viewport")
                            .withContent("width=device-width, initial-scale=1"),
                        meta().withName("color-scheme").withContent("light dark"),
                        meta().withName("referrer").withContent("no-referrer"),
                        title(Wording.title(report)),
                        style(rawHtml(STYLE))),
                    body(
                        main(
                            page(report),
                            section(each(sections.details(), HtmlReport::block), signOff())
                                .withClass("details"))))
                .withLang("en"))
        + "\n";
  }

  private static String policy() {
    byte[] hash = Hashing.sha256().hashString(STYLE, UTF_8).asBytes();
    return "default-src 'none'; style-src 'sha256-"
        + BaseEncoding.base64().encode(hash)
        + "'; base-uri 'none'; form-action 'none'";
  }

  /** What fits on one page. */
  private static DomContent page(AuditReport report) {
    Wording.Risk risk = Wording.risk(report);
    return section(
            h1(Wording.title(report)),
            p(Wording.date(report)
                    + ", vec2text "
                    + report.subject().version()
                    + (report.complete() ? "" : ", stopped before its end"))
                .withClass("dim"),
            p(risk.headline() + ".").withClass("risk " + risk.word()),
            each(Wording.explanation(), line -> p(line)),
            div(
                    figure("leak personal data or secrets", report.leaking()),
                    figure("can be read", report.readable()),
                    worst(report))
                .withClass("figures"),
            ul(each(Wording.mainFigures(report), line -> li(line))),
            h2("What to do"),
            ul(each(Wording.advice(report), line -> li(line))),
            h2("What this does not say"),
            ul(each(Wording.notTested(report).stream().limit(3).toList(), line -> li(line))))
        .withClass("page");
  }

  private static DomContent figure(String what, PopulationShare share) {
    return div(
            span(Wording.percent(share.value())).withClass("big"),
            span("of the records " + what).withClass("what"),
            span(share.sample() == share.population()
                    ? "all were tested"
                    : "in the whole store: " + Wording.interval(share))
                .withClass("dim"))
        .withClass("card");
  }

  private static DomContent worst(AuditReport report) {
    List<String> counts = new ArrayList<>();
    for (Severity severity : Severity.worstFirst()) {
      long count = report.allFindings().stream().filter(f -> f.severity() == severity).count();
      if (count > 0) {
        counts.add(Wording.format("%,d %s", count, severity));
      }
    }
    return div(
            span(Wording.format("%,d", report.allFindings().size())).withClass("big"),
            span(report.allFindings().size() == 1 ? "finding" : "findings").withClass("what"),
            span(String.join(", ", counts)).withClass("dim"))
        .withClass("card");
  }

  private static DomContent block(Block block) {
    if (block instanceof Heading heading) {
      return h2(heading.text());
    } else if (block instanceof Lines lines) {
      return lines.listed()
          ? ul(each(lines.lines(), line -> li(line)))
          : div(each(lines.lines(), line -> p(line)));
    } else if (block instanceof Table rows) {
      return HtmlTable.of(rows, false, HtmlReport::cell);
    }
    throw new IllegalArgumentException("no such block: " + block);
  }

  private static DomContent cell(String cell) {
    return Severity.parse(cell).isPresent() ? span(cell).withClass("tag " + cell) : text(cell);
  }

  private static DomContent signOff() {
    return div(
            h2("Sign-off"),
            table(
                thead(
                    tr(
                        each(
                            List.of("role", "name", "decision", "date", "next audit"),
                            name -> th(name).attr("scope", "col").withClass("name")))),
                tbody(
                    each(
                        List.of("audited by", "accepted by"),
                        role ->
                            tr(td(role), each(List.of(1, 2, 3, 4), i -> td(rawHtml("&nbsp;"))))))))
        .withClass("signoff");
  }
}
