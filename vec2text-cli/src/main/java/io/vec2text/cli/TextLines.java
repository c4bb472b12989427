package io.vec2text.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import io.vec2text.Evidence;
import io.vec2text.InversionResult;
import io.vec2text.Outcome;
import io.vec2text.sources.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Outcomes for people: index, place, verdict with cosine, text and remarks, with tabs between. */
record TextLines(Detail detail) implements ResultLines {
  private static final Splitter TABS = Splitter.on('\t');
  private static final Splitter SPACES = Splitter.on(' ');
  private static final int CELLS = 5;
  private static final int VERDICT = 2;
  private static final String ERROR = "error";

  @Override
  public byte[] line(long index, Place place, Outcome outcome) {
    List<String> cells = new ArrayList<>(List.of(Long.toString(index), place(place)));
    if (outcome.result().isPresent()) {
      InversionResult result = outcome.result().get();
      cells.add(
          String.format(
              Locale.ROOT, "%s %.6f", ResultLines.name(result.verdict()), result.cosine()));
      cells.add(result.text());
      cells.add(String.join("; ", remarks(result)));
    } else {
      cells.addAll(List.of(ERROR, "", ResultLines.error(outcome)));
    }
    return (String.join("\t", cells.stream().map(ResultLines::oneLine).toList()) + "\n")
        .getBytes(UTF_8);
  }

  private static String place(Place place) {
    List<String> known = new ArrayList<>();
    place.id().ifPresent(id -> known.add("id " + id));
    place.line().ifPresent(line -> known.add("line " + line));
    return String.join(", ", known);
  }

  private List<String> remarks(InversionResult result) {
    List<String> remarks = new ArrayList<>();
    result.evidence().stream().map(Evidence::line).forEach(remarks::add);
    if (detail.confidence()) {
      remarks.add(ResultLines.words(result.words()));
    }
    result
        .predictedWords()
        .ifPresent(
            contents -> {
              if (contents.exceedsSupportedLength()) {
                remarks.add("beyond range, some " + contents.tokens() + " tokens");
              }
              if (!detail.shown(contents).isEmpty()) {
                remarks.add("most probable words: " + ResultLines.words(detail.shown(contents)));
              }
            });
    return remarks;
  }

  @Override
  public String start(long index) {
    return index + "\t";
  }

  @Override
  public Optional<Written> read(byte[] line, long index) {
    List<String> cells = TABS.splitToList(new String(line, UTF_8));
    if (cells.size() != CELLS || !cells.get(0).equals(Long.toString(index))) {
      return Optional.empty();
    }
    String what = SPACES.splitToList(cells.get(VERDICT)).get(0);
    Written written = new Written(ResultLines.verdict(what));
    return written.verdict().isPresent() || what.equals(ERROR)
        ? Optional.of(written)
        : Optional.empty();
  }

  @Override
  public boolean isOf(byte[] line, Place place) {
    List<String> cells = TABS.splitToList(new String(line, UTF_8));
    return cells.size() == CELLS && cells.get(1).equals(ResultLines.oneLine(place(place)));
  }
}
