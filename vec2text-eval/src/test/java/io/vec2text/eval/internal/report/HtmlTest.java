package io.vec2text.eval.internal.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.common.hash.Hashing;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class HtmlTest {
  private static final String EVIL = "<script>alert('x')</script> & \"quoted\"";

  private static Report report() {
    Table table = new Table(List.of(EVIL, "n"), 1);
    table.add(EVIL, "1");
    Plot plot =
        new Plot(
            EVIL,
            Plot.Axis.logarithmic(EVIL),
            Plot.Axis.percent(EVIL),
            List.of(
                new Plot.Series(
                    EVIL, true, List.of(new Plot.Point(EVIL, 1, 2), new Plot.Point("", 10, 50))),
                new Plot.Series("left out", false, List.of(new Plot.Point("zero", 0, 1)))));
    Examples examples =
        new Examples(
            List.of(
                new Examples.Example(
                    "4-8", "The secret " + EVIL + " is out.", "A Secret is <b>out</b>.", "close")));
    return new Report(
        EVIL,
        List.of(
            new Heading(EVIL),
            Lines.facts(List.of(EVIL)),
            Lines.notes(EVIL),
            table,
            plot,
            examples),
        JsonNodeFactory.instance.objectNode());
  }

  @Test
  void everythingIsEscaped() {
    String html = Html.of(report(), Disclosure.REVEALED);
    assertThat(html)
        .startsWith("<!DOCTYPE html>")
        .doesNotContain("<script", "<b>")
        .contains("&lt;script&gt;");
  }

  @Test
  void nothingIsLoadedButTheStyleOfTheFile() {
    String html = Html.of(report(), Disclosure.REVEALED);
    Matcher style = Pattern.compile("<style>(.*?)</style>", Pattern.DOTALL).matcher(html);
    assertThat(style.find()).isTrue();
    String hash =
        Base64.getEncoder()
            .encodeToString(Hashing.sha256().hashString(style.group(1), UTF_8).asBytes());
    assertThat(html)
        .contains(
            "content=\"default-src &#x27;none&#x27;; style-src &#x27;sha256-" + hash + "&#x27;")
        .doesNotContain("http:", "https:", "url(", "src=", "href=", " style=", "@import");
    assertThat(style.find()).isFalse();
  }

  @Test
  void textsAreShownOnlyIfRevealed() {
    assertThat(Html.of(report(), Disclosure.REVEALED))
        .contains("<mark>The</mark>", "<mark>A</mark>", "<span class=\"same\">Secret</span>");
    assertThat(Html.of(report(), Disclosure.REDACTED))
        .contains("<mark>▇▇▇</mark>", "<span class=\"same\">▇▇▇</span>")
        .doesNotContain("ecret");
  }

  @Test
  void plotsShowTheirPointsAndLeaveOutWhatTheAxisHasNot() {
    String html = Html.of(report(), Disclosure.REDACTED);
    assertThat(html).contains("<polyline", "viewBox").doesNotContain(">zero<", "NaN", "Infinity");
    Plot empty = new Plot("none", Plot.Axis.linear("x"), Plot.Axis.linear("y"), List.of());
    assertThat(
            Html.of(
                new Report("t", List.of(empty), JsonNodeFactory.instance.objectNode()),
                Disclosure.REDACTED))
        .doesNotContain("<svg");
  }

  @Test
  void plotsOfOnePointHaveAnAxis() {
    Plot plot =
        new Plot(
            "one",
            Plot.Axis.linear("x"),
            Plot.Axis.logarithmic("y"),
            List.of(new Plot.Series("", false, List.of(new Plot.Point("p", 3, 3)))));
    assertThat(new SvgPlot(plot).draw().render()).contains("<circle").doesNotContain("NaN");
  }

  @Test
  void markdownEscapesAndRedactsTexts() {
    assertThat(Markdown.of(report(), Disclosure.REDACTED)).doesNotContain("ecret");
    assertThat(Markdown.of(report(), Disclosure.REVEALED))
        .startsWith("# ")
        .contains("**The** secret", "\\<", "**A** Secret");
  }

  @Test
  void descriptionsHoldNoText() {
    assertThat(report().toString()).doesNotContain("ecret");
  }

  @Test
  void differencesAreTheShortest() {
    WordDiff diff = WordDiff.of("He was born in Vienna.", "he was in Vienna born.");
    assertThat(diff.target().stream().filter(w -> !w.same())).hasSize(1);
    assertThat(diff.recovered().stream().filter(w -> !w.same())).hasSize(1);
    assertThat(WordDiff.of("", "").target()).isEmpty();
    assertThat(WordDiff.of("a b", "").target()).allMatch(w -> !w.same());
  }
}
