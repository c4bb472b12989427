package io.vec2text.sources;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.vec2text.sources.internal.Limits;
import io.vec2text.sources.internal.OneLine;
import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Splits a text into rows of cells. Lists in brackets are one cell, also without quotes. */
final class Table implements Closeable {
  /** Never part of a text. */
  private static final char NO_QUOTE = '\uFFFF';

  private final String name;
  private final Dialect dialect;
  private final CsvReader<CsvRecord> csv;
  private final Iterator<CsvRecord> records;
  private long blankLines;

  Table(String name, Reader text, Dialect dialect) {
    this.name = name;
    this.dialect = dialect;
    csv =
        CsvReader.builder()
            .fieldSeparator(dialect.separator())
            .quoteCharacter(dialect.quotes() ? '"' : NO_QUOTE)
            .allowUnclosedQuote(false)
            .trimWhitespacesAroundQuotes(true)
            .skipEmptyLines(false)
            .maxBufferSize(Limits.MAX_TEXT)
            // Rows of another length are those rows' errors, not the file's.
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .build(
                CsvRecordHandler.of(
                    h ->
                        h.maxFields(2 * VectorFiles.MAX_DIMENSION)
                            .maxFieldSize(Limits.MAX_TEXT)
                            .maxRecordSize(2 * Limits.MAX_TEXT)),
                text);
    records = csv.iterator();
  }

  /** The next row that is not blank; null at the end. */
  @Nullable TableRow next() throws IOException {
    try {
      while (records.hasNext()) {
        CsvRecord csvRecord = records.next();
        List<String> cells = cells(csvRecord.getFields());
        if (cells.isEmpty() || (cells.size() == 1 && cells.get(0).isBlank())) {
          blankLines++;
        } else {
          return new TableRow(csvRecord.getStartingLineNumber(), cells);
        }
      }
      return null;
    } catch (CsvParseException e) {
      throw new VectorFileException(name, "is not CSV: " + OneLine.reason(e), e);
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof VectorFileException known) {
        throw known;
      }
      throw new VectorFileException(name, "can't be read: " + OneLine.reason(e), e);
    }
  }

  private List<String> cells(List<String> fields) {
    List<String> cells = new ArrayList<>(fields.size());
    for (int i = 0; i < fields.size(); i++) {
      String field = fields.get(i);
      int end = opens(field) && !closes(field) ? end(fields, i) : i;
      if (end > i) {
        cells.add(String.join(String.valueOf(dialect.separator()), fields.subList(i, end + 1)));
        i = end;
      } else if (dialect.separator() != ' ' || !field.isEmpty()) {
        cells.add(field);
      }
    }
    return cells;
  }

  /** The field in which the list that a field opens is closed; the field itself if none is. */
  private static int end(List<String> fields, int from) {
    for (int i = from + 1; i < fields.size(); i++) {
      if (closes(fields.get(i))) {
        return i;
      }
      if (opens(fields.get(i))) {
        break;
      }
    }
    return from;
  }

  private static boolean opens(String field) {
    String stripped = field.stripLeading();
    return stripped.startsWith("[") || stripped.startsWith("{");
  }

  private static boolean closes(String field) {
    String stripped = field.stripTrailing();
    return stripped.endsWith("]") || stripped.endsWith("}");
  }

  /** The blank lines so far. */
  long blankLines() {
    return blankLines;
  }

  @Override
  public void close() throws IOException {
    csv.close();
  }
}
