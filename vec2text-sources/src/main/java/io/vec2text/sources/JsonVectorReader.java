package io.vec2text.sources;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.vec2text.sources.internal.Components;
import io.vec2text.sources.internal.Limits;
import io.vec2text.sources.internal.MalformedException;
import io.vec2text.sources.internal.OneLine;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads the vectors of JSON: of one document, or of one a line. What holds no vector where others
 * do is a row that says so, so that none changes its place.
 */
final class JsonVectorReader implements VectorReader, JsonWalker.Visitor {
  private final Source source;
  private final JsonRoots roots;
  private final JsonLayout layout;
  private final @Nullable JsonIds ids;
  private final JsonWalker walker;
  private final Components components;
  private final JsonVector vector;
  private final String description;
  private final ArrayDeque<Row> ready = new ArrayDeque<>();

  /** Rows whose id may follow. */
  private final List<Row> waiting = new ArrayList<>();

  private Optional<String> id = Optional.empty();

  /** Of a line that only says what is done with the next one, as bulk requests have them. */
  private final BulkAction action = new BulkAction();

  private final JsonMetadata metadata;
  private boolean rootYielded;
  private boolean ended;
  private @Nullable VectorFileException failure;

  private JsonVectorReader(
      Source source,
      JsonRoots roots,
      JsonLayout layout,
      @Nullable JsonIds ids,
      ReadOptions options,
      String description) {
    this.source = source;
    this.roots = roots;
    this.layout = layout;
    this.ids = ids;
    this.description = description;
    metadata = new JsonMetadata(options.metadata(), layout.path());
    walker = new JsonWalker(layout.path(), this);
    components = new Components(options.scale());
    vector =
        new JsonVector(
            components,
            layout.dimension(),
            layout.id() instanceof JsonLayout.Inside inside
                ? Optional.of(inside.name())
                : Optional.empty(),
            layout.wide());
  }

  /** Opens JSON; the source is closed with the reader. */
  static VectorReader open(Text text, ReadOptions options) throws IOException {
    Source source = text.source();
    String head = text.head();
    if (head.isBlank() && source.headIsAll()) {
      throw new VectorFileException(source.name(), "holds no vectors, only blank lines");
    }
    boolean byLines = JsonRoots.areLines(head, source.headIsAll());
    JsonLayout layout;
    try (JsonRoots roots = new JsonRoots(text.open(), byLines)) {
      layout = JsonLayout.of(JsonScan.of(roots, options.dimension()), options, source.name());
    }
    JsonIds ids =
        layout.id() instanceof JsonLayout.Parallel parallel
            ? new JsonIds(new JsonRoots(text.open(), byLines), parallel.path())
            : null;
    boolean opened = false;
    try {
      JsonRoots roots = new JsonRoots(ids == null ? text.openLast() : text.open(), byLines);
      String note = text.note();
      String description =
          layout.note().isEmpty() || note.isEmpty()
              ? layout.note() + note
              : layout.note() + ", " + note;
      VectorReader reader = new JsonVectorReader(source, roots, layout, ids, options, description);
      opened = true;
      return reader;
    } finally {
      if (!opened && ids != null) {
        ids.close();
      }
    }
  }

  @Override
  public OptionalLong rows() {
    return OptionalLong.empty();
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public long skippedLines() {
    return roots.blankLines();
  }

  @Override
  public @Nullable Row next() throws IOException {
    while (ready.isEmpty() || (metadata.isOpen() && !ended && failure == null)) {
      if (failure != null) {
        throw failure;
      }
      if (ended) {
        return null;
      }
      advance();
    }
    return ready.poll();
  }

  private void advance() throws IOException {
    try {
      boolean begins = walker.isIdle();
      JsonParser p = roots.next(begins);
      if (p == null) {
        ended = true;
      } else if (begins) {
        rootYielded = false;
        walker.begin(p);
      } else {
        walker.step(p);
      }
      if (walker.isIdle()) {
        release(); // A bare vector has no id that follows.
        metadata.end(ready);
        roots.endLine();
      }
    } catch (JsonProcessingException e) {
      release();
      metadata.end(ready);
      id = Optional.empty();
      String problem = roots.problem(e);
      walker.abort();
      Place place = Place.line(roots.line());
      if (roots.recover()) {
        if (rootYielded && layout.path().rowDepth() == 0) {
          ready.pollLast(); // the same row
        }
        rootYielded = false;
        ready.add(new Row.Malformed(problem, place));
      } else {
        failure =
            new VectorFileException(
                source.name(), problem + "; the vectors before it were read", e);
      }
    }
  }

  @Override
  public void value(JsonParser p) throws IOException {
    metadata.begin();
    Place place = Place.line(roots.line());
    Row row;
    try {
      vector.read(p);
      row = components.toRow(place);
    } catch (MalformedException e) {
      row = malformed(subject() + OneLine.reason(e), place);
    }
    add(vector.id().isPresent() ? withId(row, vector.id()) : row);
  }

  private String subject() {
    return layout.path().size() > 0
            && layout.path().step(layout.path().size() - 1) instanceof JsonPath.Field field
        ? "`" + field.name() + "` "
        : "";
  }

  private static Row malformed(String problem, Place place) {
    return new Row.Malformed("line " + place.line().orElse(0) + ": " + problem, place);
  }

  @Override
  public void missing(int depth, String problem) {
    if (depth == 0 && action.isAnnounced()) {
      return;
    }
    add(malformed(problem, Place.line(roots.line())));
  }

  private void add(Row row) {
    rootYielded = true;
    if (layout.id() instanceof JsonLayout.Key key) {
      ready.add(withId(row, walker.key(key.depth())));
    } else if (ids != null) {
      ready.add(withId(row, parallelId()));
    } else if (layout.id() instanceof JsonLayout.Beside && id.isEmpty()) {
      waiting.add(row);
      if (waiting.size() > Limits.MAX_WAITING) {
        release();
      }
    } else {
      ready.add(withId(row, layout.id() instanceof JsonLayout.NoId ? action.take() : id));
    }
  }

  private Optional<String> parallelId() {
    try {
      return Objects.requireNonNull(ids).at(walker.position());
    } catch (IOException e) {
      failure = new VectorFileException(source.name(), OneLine.reason(e), e);
      return Optional.empty();
    }
  }

  private static Row withId(Row row, Optional<String> id) {
    if (id.isEmpty()) {
      return row;
    }
    Place place = row.place().withId(id.get());
    return row instanceof Row.Vector v
        ? new Row.Vector(v.values(), place, v.metadata())
        : new Row.Malformed(((Row.Malformed) row).problem(), place);
  }

  private void release() {
    for (Row row : waiting) {
      ready.add(withId(row, id));
    }
    waiting.clear();
  }

  @Override
  public boolean beside(int depth, String name, JsonParser p) throws IOException {
    if (layout.id() instanceof JsonLayout.Beside beside
        && beside.depth() == depth
        && beside.names().get(0).equals(name)) {
      readId(p, beside.names(), 1);
      release();
      return true;
    }
    return metadata.read(depth, name, p) || (depth == 0 && action.read(name, p));
  }

  private void readId(JsonParser p, List<String> names, int next) throws IOException {
    JsonToken token = p.currentToken();
    if (next == names.size()) {
      if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
        id = Optional.of(p.getText());
      } else {
        p.skipChildren();
      }
    } else if (token == JsonToken.START_OBJECT) {
      for (JsonToken f = p.nextToken(); f != JsonToken.END_OBJECT; f = p.nextToken()) {
        boolean wanted = names.get(next).equals(p.currentName());
        p.nextToken();
        if (wanted) {
          readId(p, names, next + 1);
        } else {
          p.skipChildren();
        }
      }
    } else {
      p.skipChildren();
    }
  }

  @Override
  public void ended(int depth) {
    if (layout.id() instanceof JsonLayout.Beside beside && beside.depth() == depth) {
      release();
      id = Optional.empty();
    }
    if (depth == metadata.depth()) {
      metadata.end(ready);
    }
  }

  @Override
  public void close() throws IOException {
    try (source;
        JsonIds closed = ids) {
      roots.close();
    }
  }
}
