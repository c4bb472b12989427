package io.vec2text.cli;

import io.vec2text.EmbeddingSpace;
import io.vec2text.sources.Row;
import io.vec2text.sources.VectorReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads vectors in windows of limited size. */
final class Windows {
  /** The most rows that are looked at to find the first vector. */
  private static final int MAX_PEEKED = 10_000;

  private final VectorReader reader;
  private final int size;
  private List<Row> peeked = List.of();

  Windows(VectorReader reader, int size) {
    this.reader = reader;
    this.size = size;
  }

  /** The next rows; none at the end. */
  List<Row> next() throws IOException {
    List<Row> rows = new ArrayList<>(peeked.subList(0, Math.min(size, peeked.size())));
    peeked = peeked.subList(rows.size(), peeked.size());
    read(rows, size);
    return rows;
  }

  /** Skips rows up to one, which it returns; null if there are not so many. */
  @Nullable Row skipTo(long index) throws IOException {
    if (index < peeked.size()) {
      Row row = peeked.get((int) index);
      peeked = peeked.subList((int) index + 1, peeked.size());
      return row;
    }
    long further = index - peeked.size();
    peeked = List.of();
    return reader.skip(further) == further ? reader.next() : null;
  }

  /** Looks at a window, or at as many rows as it takes to see a vector, without taking them. */
  private List<Row> peek() throws IOException {
    List<Row> rows = new ArrayList<>(peeked);
    while (rows.size() < size
        || (rows.size() < MAX_PEEKED && rows.stream().noneMatch(Row.Vector.class::isInstance))) {
      int before = rows.size();
      read(rows, before == 0 ? size : before + size);
      if (rows.size() == before) {
        break;
      }
    }
    peeked = rows;
    return rows;
  }

  private void read(List<Row> rows, int upTo) throws IOException {
    while (rows.size() < upTo) {
      Row row = reader.next();
      if (row == null) {
        return;
      }
      rows.add(row);
    }
  }

  /** What there is to say of the reading so far, in a few words. */
  String notes() {
    List<String> notes = new ArrayList<>();
    if (!reader.description().isEmpty()) {
      notes.add(reader.description());
    }
    if (reader.skippedLines() > 0) {
      String lines = reader.skippedLines() == 1 ? " line" : " lines";
      notes.add(reader.skippedLines() + " blank or comment" + lines + " passed over");
    }
    return notes.isEmpty() ? "" : "; " + String.join(", ", notes);
  }

  /** The first vectors, which stay to be read. */
  List<float[]> first(int count) throws IOException {
    return peek().stream()
        .filter(Row.Vector.class::isInstance)
        .map(row -> ((Row.Vector) row).values())
        .limit(count)
        .toList();
  }

  /**
   * Tells the vectors of another model from single bad rows: of those at the beginning at least one
   * must fit.
   *
   * @param name name of the file
   * @param space the space that they are to come from
   * @param truncated the components that are left of a vector, if that was said
   */
  void checkDimension(String name, EmbeddingSpace space, OptionalInt truncated) throws IOException {
    Map<Integer, Long> found = new LinkedHashMap<>();
    @Nullable String problem = null;
    List<Row> rows = peek();
    for (Row row : rows) {
      if (row instanceof Row.Vector vector) {
        found.merge(vector.values().length, 1L, Long::sum);
      } else if (row instanceof Row.Malformed malformed && problem == null) {
        problem = malformed.problem();
      }
    }
    if (found.containsKey(space.dimension())
        || (truncated.isPresent() && found.containsKey(truncated.getAsInt()))) {
      return;
    }
    if (found.isEmpty()) {
      if (rows.size() < MAX_PEEKED) {
        throw new CliException(
            name
                + (problem == null
                    ? ": holds no vectors"
                    : ": holds no vector that can be read; " + problem));
      }
      return;
    }
    String dimensions =
        found.keySet().stream().map(String::valueOf).limit(5).collect(Collectors.joining(", "));
    throw new CliException(
        "%s: holds vectors of dimension%s %s, but %s has dimension %d%s"
            .formatted(
                name,
                found.size() == 1 ? "" : "s",
                dimensions,
                space.modelId(),
                space.dimension(),
                advice(found, space)));
  }

  private static String advice(Map<Integer, Long> found, EmbeddingSpace space) {
    int dimension = found.keySet().iterator().next();
    return dimension >= space.dimension() || dimension < space.dimension() / 8
        ? "; --model names the package for the model that made them"
        : "; if they were truncated, say --truncated "
            + dimension
            + ", else name with --model the package for the model that made them";
  }
}
