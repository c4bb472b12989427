package io.vec2text.sources;

import io.vec2text.sources.internal.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Vectors at one path of a document.
 *
 * @param path the path
 * @param nodes what was found there; several where names of fields are ids
 */
record JsonVectors(JsonPath path, List<JsonNode> nodes) {

  /** How many have a dimension. */
  int hits(int dimension) {
    return nodes.stream().mapToInt(n -> n.vectors.getOrDefault(dimension, 0)).sum();
  }

  /** The largest dimension. */
  int longest() {
    return nodes.stream()
        .flatMap(n -> n.vectors.keySet().stream())
        .mapToInt(d -> d)
        .max()
        .orElse(0);
  }

  /** All that a document has. */
  static List<JsonVectors> apart(JsonNode root) {
    Map<JsonPath, JsonVectors> found = new LinkedHashMap<>();
    collect(root, found);
    return List.copyOf(found.values());
  }

  /** All that a document has, those under names that are ids together. */
  static List<JsonVectors> in(JsonNode root, long roots) {
    Map<JsonPath, JsonVectors> found = new LinkedHashMap<>();
    collect(root, found);
    int deepest = found.keySet().stream().mapToInt(JsonPath::size).max().orElse(0);
    for (int i = 0; i < deepest; i++) {
      found = merged(found, i, root, roots);
    }
    return List.copyOf(found.values());
  }

  private static void collect(JsonNode node, Map<JsonPath, JsonVectors> found) {
    if (!node.vectors.isEmpty()) {
      JsonPath path = path(node);
      JsonVectors same = found.get(path);
      List<JsonNode> nodes = new ArrayList<>(same == null ? List.of() : same.nodes());
      nodes.add(node);
      found.put(path, new JsonVectors(path, nodes));
    }
    node.fields.values().forEach(n -> collect(n, found));
    if (node.element != null) {
      collect(node.element, found);
    }
  }

  /** The path to a node, with the place in arrays that hold one vector among other values. */
  private static JsonPath path(JsonNode node) {
    JsonPath path = node.path();
    int i = path.size() - 1;
    for (JsonNode n = node; n.parent != null; n = n.parent, i--) {
      if (n.step instanceof JsonPath.EachElement
          && n.parent.onlyContainer >= 0
          && n.parent.arrays > 1) {
        path = path.with(i, new JsonPath.Element(n.parent.onlyContainer));
      }
    }
    return path;
  }

  /** Puts together what differs in the names of the fields at one step alone, if these are ids. */
  private static Map<JsonPath, JsonVectors> merged(
      Map<JsonPath, JsonVectors> found, int i, JsonNode root, long roots) {
    Map<JsonPath, List<JsonVectors>> groups = new LinkedHashMap<>();
    for (JsonVectors v : found.values()) {
      boolean field = i < v.path().size() && v.path().step(i) instanceof JsonPath.Field;
      JsonPath key = field ? v.path().with(i, new JsonPath.EachField()) : v.path();
      groups.computeIfAbsent(key, k -> new ArrayList<>()).add(v);
    }
    Map<JsonPath, JsonVectors> result = new LinkedHashMap<>();
    groups.forEach(
        (path, group) -> {
          if (group.size() > 1
              && path.step(i) instanceof JsonPath.EachField
              && areIds(group, i, root, roots)) {
            List<JsonNode> nodes = new ArrayList<>();
            group.forEach(v -> nodes.addAll(v.nodes()));
            result.put(path, new JsonVectors(path, nodes));
          } else {
            group.forEach(v -> result.put(v.path(), v));
          }
        });
    return result;
  }

  /** Whether the names of the fields at a step are ids, and not names of fields in records. */
  private static boolean areIds(List<JsonVectors> group, int i, JsonNode root, long roots) {
    List<JsonNode> parents = at(root, group.get(0).path(), i);
    long objects = parents.stream().mapToLong(n -> n.objects).sum();
    long hits = group.stream().flatMap(v -> v.nodes().stream()).mapToLong(JsonVectors::count).sum();
    if (objects > 1 && hits * 2 > objects * group.size()) {
      // The same names in most of the objects.
      return false;
    }
    if (objects == 1 && i == 0 && roots > 1) {
      return false;
    }
    if (parents.stream().anyMatch(JsonVectors::isOfRecord)) {
      return false;
    }
    for (JsonVectors v : group) {
      if (v.path().step(i) instanceof JsonPath.Field field && isReserved(field.name())) {
        return false;
      }
    }
    // Objects of records have scalars, too.
    return parents.stream()
        .flatMap(n -> n.fields.values().stream())
        .allMatch(n -> n.scalars == 0 || !n.vectors.isEmpty());
  }

  /** Whether an object is a field of one that has an id. */
  private static boolean isOfRecord(JsonNode node) {
    return node.step instanceof JsonPath.Field
        && node.parent != null
        && node.parent.fields.entrySet().stream()
            .anyMatch(e -> e.getValue().scalars > 0 && Names.isSureId(e.getKey()));
  }

  private static boolean isReserved(String name) {
    return List.of("embedding", "embeddings", "vector", "vectors", "values").contains(name);
  }

  private static long count(JsonNode node) {
    return node.vectors.values().stream().mapToLong(n -> n).sum();
  }

  /** The nodes that the first steps of a path lead to. */
  static List<JsonNode> at(JsonNode root, JsonPath path, int steps) {
    List<JsonNode> nodes = List.of(root);
    for (int i = 0; i < steps; i++) {
      List<JsonNode> next = new ArrayList<>();
      for (JsonNode node : nodes) {
        JsonPath.Step step = path.step(i);
        if (step instanceof JsonPath.Field field) {
          JsonNode child = node.fields.get(field.name());
          if (child != null) {
            next.add(child);
          }
        } else if (step instanceof JsonPath.EachField) {
          next.addAll(node.fields.values());
        } else if (node.element != null) {
          next.add(node.element);
        }
      }
      nodes = next;
    }
    return nodes;
  }
}
