package io.vec2text.eval.internal.report;

import static j2html.TagCreator.body;
import static j2html.TagCreator.dd;
import static j2html.TagCreator.div;
import static j2html.TagCreator.dl;
import static j2html.TagCreator.document;
import static j2html.TagCreator.dt;
import static j2html.TagCreator.each;
import static j2html.TagCreator.figcaption;
import static j2html.TagCreator.figure;
import static j2html.TagCreator.h1;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.head;
import static j2html.TagCreator.html;
import static j2html.TagCreator.li;
import static j2html.TagCreator.main;
import static j2html.TagCreator.mark;
import static j2html.TagCreator.meta;
import static j2html.TagCreator.p;
import static j2html.TagCreator.rawHtml;
import static j2html.TagCreator.span;
import static j2html.TagCreator.style;
import static j2html.TagCreator.text;
import static j2html.TagCreator.title;
import static j2html.TagCreator.ul;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import com.google.common.io.BaseEncoding;
import com.google.common.io.Resources;
import j2html.TagCreator;
import j2html.tags.DomContent;
import java.io.IOException;
import java.util.List;

/**
 * Writes a report as one HTML file that needs nothing else: no script, nothing remote, and a policy
 * (Content Security Policy Level 3) that lets a browser load nothing but the file's own style. All
 * text is escaped. It reads on a phone, on paper, on light and on dark screens.
 */
public final class Html {
  private static final String STYLE = readStyle();

  private Html() {}

  private static String readStyle() {
    try {
      return Resources.toString(Resources.getResource(Html.class, "report.css"), UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("can't read the style of reports", e);
    }
  }

  /** The file. */
  public static String of(Report report, Disclosure disclosure) {
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
                        title(report.title()),
                        style(rawHtml(STYLE))),
                    body(
                        main(
                            h1(report.title()),
                            each(report.blocks(), block -> block(block, disclosure)))))
                .withLang("en"))
        + "\n";
  }

  private static String policy() {
    byte[] hash = Hashing.sha256().hashString(STYLE, UTF_8).asBytes();
    return "default-src 'none'; style-src 'sha256-"
        + BaseEncoding.base64().encode(hash)
        + "'; base-uri 'none'; form-action 'none'";
  }

  private static DomContent block(Block block, Disclosure disclosure) {
    if (block instanceof Heading heading) {
      return h2(heading.text());
    } else if (block instanceof Lines lines) {
      return lines.listed()
          ? ul(each(lines.lines(), line -> li(line))).withClass("facts")
          : div(each(lines.lines(), line -> p(line))).withClass("notes");
    } else if (block instanceof Table rows) {
      return HtmlTable.of(rows, true, TagCreator::text);
    } else if (block instanceof Plot plot) {
      return plot.isEmpty() ? text("") : figure(new SvgPlot(plot).draw(), figcaption(plot.title()));
    } else if (block instanceof Examples examples) {
      return div(h2(Examples.HEADING), each(examples.examples(), e -> example(e, disclosure)));
    }
    throw new IllegalArgumentException("no such block: " + block);
  }

  private static DomContent example(Examples.Example example, Disclosure disclosure) {
    WordDiff diff = WordDiff.of(example.target(), example.recovered());
    return dl(
        dt("target"),
        dd(words(diff.target(), disclosure)),
        dt("recovered"),
        dd(words(diff.recovered(), disclosure)),
        dt(example.bucket() + " tokens"),
        dd(span(example.outcome())));
  }

  private static DomContent words(List<WordDiff.Word> words, Disclosure disclosure) {
    return each(
        words,
        word -> {
          String shown = disclosure.show(word.text());
          return each(word.same() ? span(shown).withClass("same") : mark(shown), text(" "));
        });
  }
}
