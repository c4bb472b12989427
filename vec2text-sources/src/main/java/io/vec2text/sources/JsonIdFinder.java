package io.vec2text.sources;

import io.vec2text.sources.internal.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the ids of vectors: by name, near the vectors first, and rather what never comes twice. */
final class JsonIdFinder {
  private static final int DEEPEST = 6;

  /** Where the name of a field on the way stands among the names of {@link Names#idRank}. */
  private static final int KEY_RANK = 20;

  private final JsonNode root;
  private final JsonPath path;
  private final List<JsonNode> targets;
  private final long rows;
  private @Nullable Candidate best;

  private record Candidate(JsonLayout.Id id, boolean unique, int rank, int depth) {
    boolean isBetterThan(Candidate other) {
      return unique != other.unique
          ? unique
          : rank != other.rank ? rank < other.rank : depth > other.depth;
    }
  }

  JsonIdFinder(JsonNode root, JsonVectors vectors) {
    this.root = root;
    path = vectors.path();
    targets = vectors.nodes();
    rows =
        vectors.nodes().stream().flatMap(n -> n.vectors.values().stream()).mapToLong(n -> n).sum();
  }

  JsonLayout.Id find(ReadOptions options, String name) throws VectorFileException {
    Optional<String> field = options.idField();
    for (int depth = path.size() - 1; depth >= 0; depth--) {
      if (path.step(depth).ofObject()) {
        List<JsonNode> objects = JsonVectors.at(root, path, depth);
        if (field.isPresent()) {
          addNamed(objects, depth, field.get());
        } else {
          addFields(objects, depth);
        }
        addParallel(objects, depth, field);
      }
    }
    for (JsonNode target : targets) {
      addInside(target, field);
    }
    if (field.isEmpty()) {
      addPosition();
    }
    Candidate found = best;
    if (found == null && field.isPresent()) {
      throw new VectorFileException(
          name, "--id: there is no field `" + field.get() + "` beside the vectors");
    }
    return found == null ? new JsonLayout.NoId() : found.id();
  }

  private void add(Candidate candidate) {
    if (best == null || candidate.isBetterThan(best)) {
      best = candidate;
    }
  }

  private void addFields(List<JsonNode> objects, int depth) {
    Map<String, List<JsonNode>> fields = new LinkedHashMap<>();
    for (JsonNode object : objects) {
      object.fields.forEach(
          (name, node) -> {
            if (node.scalars > 0 && Names.idRank(name) >= 0) {
              fields.computeIfAbsent(name, n -> new ArrayList<>()).add(node);
            } else if (Names.isSureId(name) && node.scalars == 0 && node.fields.size() == 1) {
              // An id with its type: {"$oid":"…"}, {"S":"…"}.
              node.fields.forEach(
                  (type, value) -> {
                    if (value.scalars > 0) {
                      add(
                          new Candidate(
                              new JsonLayout.Beside(depth, List.of(name, type)),
                              true,
                              Names.idRank(name),
                              depth));
                    }
                  });
            }
          });
    }
    fields.forEach(
        (name, nodes) -> {
          boolean unique = isUnique(nodes);
          // What a whole batch shares is an id only if its name says so plainly.
          if (unique || Names.isSureId(name)) {
            add(
                new Candidate(
                    new JsonLayout.Beside(depth, List.of(name)),
                    unique,
                    Names.idRank(name),
                    depth));
          }
        });
    if (path.step(depth) instanceof JsonPath.EachField && path.rowDepth() == depth + 1) {
      add(new Candidate(new JsonLayout.Key(depth), true, KEY_RANK, depth));
    }
  }

  private boolean isUnique(List<JsonNode> nodes) {
    long scalars = nodes.stream().mapToLong(n -> n.scalars).sum();
    long different = nodes.stream().flatMap(n -> n.different.stream()).distinct().count();
    return different >= Math.min(scalars, JsonNode.MANY) && 2 * scalars >= rows;
  }

  /** A field of a name, also within objects beside the way. */
  private void addNamed(List<JsonNode> objects, int depth, String field) {
    for (JsonNode object : objects) {
      addNamed(object, depth, field, new ArrayList<>());
    }
  }

  private void addNamed(JsonNode node, int depth, String field, List<String> names) {
    String joined = String.join(".", names);
    if (!names.isEmpty()
        && node.scalars > 0
        && (joined.equals(field) || joined.endsWith("." + field))) {
      add(
          new Candidate(
              new JsonLayout.Beside(depth, List.copyOf(names)), true, names.size(), depth));
    }
    if (names.size() < DEEPEST) {
      node.fields.forEach(
          (name, child) -> {
            names.add(name);
            addNamed(child, depth, field, names);
            names.remove(names.size() - 1);
          });
    }
  }

  /** Arrays of scalars beside an array of vectors. */
  private void addParallel(List<JsonNode> objects, int depth, Optional<String> field) {
    for (int i = depth + 1; i < path.size(); i++) {
      if (!(path.step(i) instanceof JsonPath.EachElement)) {
        return;
      }
    }
    if (depth + 1 == path.size()) {
      return;
    }
    for (JsonNode object : objects) {
      object.fields.forEach(
          (name, node) -> {
            boolean named = field.map(name::equals).orElse(Names.idRank(name) >= 0);
            JsonPath parallel = path.with(depth, new JsonPath.Field(name));
            JsonNode last = node;
            for (int i = depth + 1; i < path.size() && last != null; i++) {
              last = last.element;
            }
            if (named && last != null && last.scalars > 0 && !targets.contains(last)) {
              add(
                  new Candidate(
                      new JsonLayout.Parallel(parallel), true, Names.idRank(name), depth));
            }
          });
    }
  }

  private void addInside(JsonNode target, Optional<String> field) {
    target.fields.forEach(
        (name, node) -> {
          if (node.scalars > 0 && field.map(name::equals).orElse(Names.idRank(name) >= 0)) {
            add(new Candidate(new JsonLayout.Inside(name), true, Names.idRank(name), path.size()));
          }
        });
  }

  /** The first value of arrays that hold a vector among others. */
  private void addPosition() {
    for (int depth = path.size() - 1; depth >= 0 && best == null; depth--) {
      if (path.step(depth) instanceof JsonPath.Element element && element.index() > 0) {
        add(new Candidate(new JsonLayout.Beside(depth, List.of("0")), true, 0, depth));
      }
    }
  }
}
