package io.vec2text.sources;

import io.vec2text.sources.internal.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Where the vectors and the ids of a JSON document stand.
 *
 * @param path the path to the vectors
 * @param dimension their dimension, as far as it is known
 * @param id where the ids are
 * @param wide the elements that are components, in arrays that hold others, too
 * @param note what was chosen; empty if there was no choice
 */
record JsonLayout(
    JsonPath path, OptionalInt dimension, Id id, @Nullable Columns wide, String note) {

  /** Where the id of a vector is. */
  sealed interface Id {}

  /** Nowhere. */
  record NoId() implements Id {}

  /** In an object on the way so deep: in a field, or in fields of fields. */
  record Beside(int depth, List<String> names) implements Id {}

  /** The name of the field on the way, so deep. */
  record Key(int depth) implements Id {}

  /** In an array beside that of the vectors. */
  record Parallel(JsonPath path) implements Id {}

  /** In a field of the very object whose other fields are the components. */
  record Inside(String name) implements Id {}

  /**
   * Chooses among what was found.
   *
   * @throws VectorFileException if there are no vectors, or if there is a choice between fields
   */
  static JsonLayout of(JsonScan scan, ReadOptions options, String name) throws VectorFileException {
    JsonNode root = scan.root();
    List<JsonVectors> candidates = JsonVectors.in(root, scan.rootCount());
    OptionalInt dimension = options.dimension();
    if (dimension.isEmpty()) {
      dimension = candidates.stream().mapToInt(JsonVectors::longest).max();
    }
    int wanted = dimension.orElse(0);
    List<JsonVectors> fitting = candidates.stream().filter(c -> c.hits(wanted) > 0).toList();
    JsonVectors chosen =
        options.vectorField().isPresent()
            ? named(root, candidates, options.vectorField().get(), wanted, name)
            : fitting.isEmpty() ? null : one(fitting, wanted, name);
    if (chosen == null) {
      JsonLayout table = table(root, options, name);
      if (table != null) {
        return table;
      }
      chosen = longest(candidates);
    }
    if (chosen == null) {
      String problem = scan.problem();
      throw new VectorFileException(name, problem == null ? nothing(root, options) : problem);
    }
    Id id = new JsonIdFinder(root, chosen).find(options, name);
    return new JsonLayout(chosen.path(), options.dimension(), id, null, note(chosen.path(), id));
  }

  private static @Nullable JsonVectors longest(List<JsonVectors> candidates) {
    JsonVectors best = null;
    for (JsonVectors c : candidates) {
      if (best == null || usefulness(c) > usefulness(best)) {
        best = c;
      }
    }
    return best;
  }

  /** Arrays of a usual name count before long ones. */
  private static long usefulness(JsonVectors c) {
    return c.longest() + (isUsual(c.path()) ? 1L << 20 : 0);
  }

  private static JsonVectors one(List<JsonVectors> fitting, int dimension, String name)
      throws VectorFileException {
    if (fitting.size() == 1) {
      return fitting.get(0);
    }
    if (fitting.stream().anyMatch(c -> c.path().size() == 0)) {
      // Bare vectors are read beside those of a field.
      return one(fitting.stream().filter(c -> c.path().size() > 0).toList(), dimension, name);
    }
    List<String> names = fitting.stream().map(c -> c.path().names()).distinct().toList();
    List<String> usual =
        fitting.stream()
            .map(JsonVectors::path)
            .filter(JsonLayout::isUsual)
            .map(JsonPath::names)
            .distinct()
            .toList();
    String only = names.size() == 1 ? names.get(0) : usual.size() == 1 ? usual.get(0) : null;
    if (only == null) {
      String shown =
          String.join("`, `", names.subList(0, Math.min(names.size(), 6)))
              + (names.size() > 6 ? "`, … (" + names.size() + " in all)" : "`");
      throw new VectorFileException(
          name,
          "has several fields with vectors of dimension %d, `%s: choose one with --vector"
              .formatted(dimension, shown));
    }
    return most(fitting.stream().filter(c -> c.path().names().equals(only)).toList(), dimension);
  }

  /** Whether a name on the way to vectors is one that vectors usually have. */
  private static boolean isUsual(JsonPath path) {
    return path.steps().stream()
        .anyMatch(s -> s instanceof JsonPath.Field field && Names.isVector(field.name()));
  }

  private static JsonVectors most(List<JsonVectors> candidates, int dimension) {
    JsonVectors best = candidates.get(0);
    for (JsonVectors c : candidates) {
      best = c.hits(dimension) > best.hits(dimension) ? c : best;
    }
    return best;
  }

  private static JsonVectors named(
      JsonNode root, List<JsonVectors> candidates, String field, int dimension, String name)
      throws VectorFileException {
    List<JsonVectors> apart = JsonVectors.apart(root);
    List<JsonVectors> fitting = apart.stream().filter(c -> c.hits(dimension) > 0).toList();
    for (List<JsonVectors> some : List.of(candidates, fitting, apart)) {
      for (boolean whole : new boolean[] {true, false}) {
        List<JsonVectors> matching =
            some.stream()
                .filter(
                    c -> {
                      String names = c.path().names();
                      return names.equals(field) || (!whole && names.endsWith("." + field));
                    })
                .toList();
        if (matching.size() == 1) {
          return matching.get(0);
        }
        if (!matching.isEmpty()) {
          return one(matching, dimension, name);
        }
      }
    }
    List<String> names =
        (fitting.isEmpty() ? candidates : fitting)
            .stream()
                .map(c -> c.path().names())
                .filter(n -> !n.isEmpty())
                .distinct()
                .limit(6)
                .toList();
    throw new VectorFileException(
        name,
        "--vector: there are no vectors in a field `%s`%s"
            .formatted(
                field,
                names.isEmpty() ? "" : ", there are some in `" + String.join("`, `", names) + "`"));
  }

  /** The columns of arrays that hold other things besides components. */
  private static @Nullable JsonLayout table(JsonNode root, ReadOptions options, String name)
      throws VectorFileException {
    JsonNode best = null;
    List<String> header = List.of();
    List<JsonNode> rest = new ArrayList<>(List.of(root));
    while (!rest.isEmpty()) {
      JsonNode node = rest.remove(rest.size() - 1);
      if (best == null && node.wide.size() > 0) {
        best = node;
      }
      if (node.columnNames.size() > header.size()) {
        header = node.columnNames;
      }
      rest.addAll(node.fields.values());
      if (node.element != null) {
        rest.add(node.element);
      }
    }
    if (best == null) {
      return null;
    }
    int width = best.wide.get(0).size();
    List<TableRow> rows = new ArrayList<>();
    if (header.size() == width) {
      rows.add(new TableRow(1, header));
    }
    for (List<String> cells : best.wide) {
      rows.add(new TableRow(2 + rows.size(), cells));
    }
    Columns columns = ColumnFinder.find(rows, new Dialect(',', true, false), options, name);
    if (columns.list() >= 0
        || (options.dimension().isPresent() && columns.count() != options.dimension().getAsInt())) {
      return null;
    }
    return new JsonLayout(best.path(), options.dimension(), new NoId(), columns, columns.note());
  }

  private static String nothing(JsonNode root, ReadOptions options) {
    List<String> keys = new ArrayList<>();
    for (JsonNode n = root; n != null && keys.isEmpty(); n = n.element) {
      keys.addAll(n.fields.keySet());
    }
    String found =
        keys.isEmpty()
            ? ""
            : ", found objects with `"
                + String.join("`, `", keys.subList(0, Math.min(6, keys.size())))
                + (keys.size() > 6 ? "`, …" : "`");
    return "holds no array of "
        + (options.dimension().isPresent()
            ? options.dimension().getAsInt() + " numbers"
            : "numbers")
        + found;
  }

  private static String note(JsonPath path, Id id) {
    String names = path.names();
    String vectors = names.isEmpty() ? "" : "vectors from field `" + names + "`";
    Optional<String> ids =
        id instanceof Beside beside
            ? Optional.of("`" + String.join(".", beside.names()) + "`")
            : id instanceof Parallel parallel
                ? Optional.of("`" + parallel.path().names() + "`")
                : id instanceof Inside inside
                    ? Optional.of("`" + inside.name() + "`")
                    : id instanceof Key ? Optional.of("the fields' names") : Optional.empty();
    return ids.map(s -> vectors.isEmpty() ? "ids from " + s : vectors + ", ids from " + s)
        .orElse(vectors);
  }
}
