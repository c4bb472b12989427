package io.vec2text.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.vec2text.Evidence;
import io.vec2text.InversionResult;
import io.vec2text.Outcome;
import io.vec2text.StoredPrecision;
import io.vec2text.sources.Place;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Outcomes as records of comma-separated values; line breaks within values become spaces. */
record CsvLines(Detail detail) implements ResultLines {
  private static final List<String> COLUMNS =
      List.of(
          "index",
          "line",
          "id",
          "text",
          "cosine",
          "verdict",
          "embedderCalls",
          "decodes",
          "millis",
          "stop",
          "norm",
          "stored",
          "evidence",
          "confidence",
          "estimatedTokens",
          "words",
          "error");
  private static final int VERDICT = COLUMNS.indexOf("verdict");
  private static final int ID = COLUMNS.indexOf("id");
  private static final int ERROR = COLUMNS.indexOf("error");

  @Override
  public byte[] header() {
    return encoded(COLUMNS);
  }

  @Override
  public byte[] line(long index, Place place, Outcome outcome) {
    List<String> values = new ArrayList<>();
    values.add(Long.toString(index));
    values.add(place.line().isPresent() ? Long.toString(place.line().getAsLong()) : "");
    values.add(place.id().orElse(""));
    if (outcome.result().isPresent()) {
      add(values, outcome.result().get());
      values.add("");
    } else {
      values.addAll(Collections.nCopies(ERROR - values.size(), ""));
      values.add(ResultLines.error(outcome));
    }
    return encoded(values);
  }

  private void add(List<String> values, InversionResult result) {
    double norm = result.vectorNorm();
    StoredPrecision.Format format = result.stored().format();
    values.add(result.text());
    values.add(Double.toString(ResultLines.rounded(result.cosine(), 9)));
    values.add(ResultLines.name(result.verdict()));
    values.add(Integer.toString(result.cost().embedderCalls()));
    values.add(Integer.toString(result.cost().decodes()));
    values.add(Long.toString(result.cost().work().toMillis()));
    values.add(ResultLines.name(result.stop()));
    values.add(ResultLines.isScaled(norm) ? Double.toString(ResultLines.norm(norm)) : "");
    values.add(format == StoredPrecision.Format.FLOAT32 ? "" : ResultLines.name(format));
    values.add(result.evidence().stream().map(Evidence::line).collect(Collectors.joining("; ")));
    values.add(detail.confidence() ? ResultLines.words(result.words()) : "");
    values.add(
        result
            .predictedWords()
            .filter(c -> c.exceedsSupportedLength())
            .map(c -> "" + c.tokens())
            .orElse(""));
    values.add(result.predictedWords().map(c -> ResultLines.words(detail.shown(c))).orElse(""));
  }

  private static byte[] encoded(List<String> values) {
    StringWriter text = new StringWriter();
    try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
      csv.writeRecord(values.stream().map(ResultLines::oneLine).toList());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return text.toString().getBytes(UTF_8);
  }

  @Override
  public String start(long index) {
    return index + ",";
  }

  @Override
  public Optional<Written> read(byte[] line, long index) {
    List<String> values = values(line);
    if (values.isEmpty() || !values.get(0).equals(Long.toString(index))) {
      return Optional.empty();
    }
    Written written = new Written(ResultLines.verdict(values.get(VERDICT)));
    return written.verdict().isPresent() == values.get(ERROR).isEmpty()
        ? Optional.of(written)
        : Optional.empty();
  }

  @Override
  public boolean isOf(byte[] line, Place place) {
    List<String> values = values(line);
    return !values.isEmpty() && values.get(ID).equals(ResultLines.oneLine(place.id().orElse("")));
  }

  /** The values of a line; none if it is not one of this form. */
  private static List<String> values(byte[] line) {
    try (CsvReader<CsvRecord> csv = CsvReader.builder().ofCsvRecord(new String(line, UTF_8))) {
      List<CsvRecord> records = csv.stream().toList();
      return records.size() == 1 && records.get(0).getFieldCount() == COLUMNS.size()
          ? records.get(0).getFields()
          : List.of();
    } catch (CsvParseException | IOException e) {
      return List.of();
    }
  }
}
