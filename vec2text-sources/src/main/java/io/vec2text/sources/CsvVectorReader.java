package io.vec2text.sources;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads CSV: a record a vector. The first record is taken for a header if a field of it is no
 * number, or if it counts the columns (0, 1, 2, …), as data frames without names are written.
 */
final class CsvVectorReader implements VectorReader {
  private final String name;
  private final CsvReader<CsvRecord> csv;
  private final Iterator<CsvRecord> records;
  private final Components components;
  private boolean first = true;

  private CsvVectorReader(String name, CsvReader<CsvRecord> csv, OptionalDouble scale) {
    this.name = name;
    this.csv = csv;
    records = csv.iterator();
    components = new Components(scale);
  }

  static CsvVectorReader open(Path file, OptionalDouble scale) throws IOException {
    CsvReader<CsvRecord> csv =
        CsvReader.builder()
            .detectBomHeader(true)
            .allowUnclosedQuote(false)
            .skipEmptyLines(true)
            // Rows of another length are those rows' errors, not the file's.
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .build(CsvRecordHandler.of(h -> h.maxFields(VectorFiles.MAX_DIMENSION + 1)), file);
    return new CsvVectorReader(file.toString(), csv, scale);
  }

  @Override
  public OptionalLong rows() {
    return OptionalLong.empty();
  }

  @Override
  public @Nullable Row next() throws IOException {
    try {
      if (!records.hasNext()) {
        return null;
      }
      CsvRecord csvRecord = records.next();
      if (first) {
        first = false;
        if (isHeader(csvRecord)) {
          return next();
        }
      }
      return parse(csvRecord);
    } catch (CsvParseException e) {
      throw new VectorFileException(name, "is not CSV: " + e.getMessage(), e);
    } catch (UncheckedIOException e) {
      throw new VectorFileException(name, "can't be read: " + e.getMessage(), e);
    }
  }

  private Row parse(CsvRecord csvRecord) {
    components.clear();
    try {
      for (String field : csvRecord.getFields()) {
        components.add(number(field));
      }
      return components.toRow(Place.line(csvRecord.getStartingLineNumber()));
    } catch (NumberFormatException e) {
      return malformed(csvRecord, "component " + components.size() + " is not a number");
    } catch (MalformedException e) {
      return malformed(csvRecord, e.getMessage());
    }
  }

  private static Row malformed(CsvRecord csvRecord, @Nullable String problem) {
    long line = csvRecord.getStartingLineNumber();
    return new Row.Malformed("line " + line + ": " + problem, Place.line(line));
  }

  private static boolean isHeader(CsvRecord csvRecord) {
    boolean counts = csvRecord.getFieldCount() > 1;
    for (int i = 0; i < csvRecord.getFieldCount(); i++) {
      try {
        number(csvRecord.getField(i));
      } catch (NumberFormatException e) {
        return true;
      }
      counts &= csvRecord.getField(i).equals(Integer.toString(i));
    }
    return counts;
  }

  private static double number(String field) {
    return switch (field.strip().toLowerCase(Locale.ROOT)) {
      case "nan" -> Double.NaN;
      case "inf", "+inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(field);
    };
  }

  @Override
  public void close() throws IOException {
    csv.close();
  }
}
