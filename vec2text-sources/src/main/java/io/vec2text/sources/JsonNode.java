package io.vec2text.sources;

import io.vec2text.sources.internal.Names;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the values at one place of a document are, places within arrays being one. */
final class JsonNode {
  /** How many different scalars are remembered. */
  static final int MANY = 64;

  private static final int LENGTHS = 64;
  private static final int WIDE_ROWS = 20;

  /** Whether the name may be that of an id: only then what is different counts. */
  private final boolean isId;

  final @Nullable JsonNode parent;
  final JsonPath.@Nullable Step step;
  final Map<String, JsonNode> fields = new LinkedHashMap<>();
  @Nullable JsonNode element;

  /** Vectors by their dimension. */
  final Map<Integer, Integer> vectors = new HashMap<>();

  /** Arrays that hold numbers and others, some of them. */
  final List<List<String>> wide = new ArrayList<>();

  /** Texts of an array that may name columns. */
  List<String> columnNames = List.of();

  /** The hashes of scalars that are different. */
  final Set<Integer> different = new HashSet<>();

  long scalars;
  long nulls;
  long objects;
  long closedObjects;

  long arrays;

  /** Where arrays hold one array or object among scalars; −1 if they do not, or differ. */
  int onlyContainer = -1;

  JsonNode(@Nullable JsonNode parent, JsonPath.@Nullable Step step) {
    this.parent = parent;
    this.step = step;
    isId = step instanceof JsonPath.Field field && Names.idRank(field.name()) >= 0;
  }

  void addVector(int size) {
    if (vectors.size() < LENGTHS || vectors.containsKey(size)) {
      vectors.merge(size, 1, Integer::sum);
    }
  }

  /** Whether the next scalar's text is worth reading. */
  boolean wantsText() {
    return isId && different.size() < MANY;
  }

  void addScalar(String text) {
    scalars++;
    if (wantsText()) {
      different.add(text.hashCode());
    }
  }

  /** Whether the next array's elements are worth keeping. */
  boolean wantsWide() {
    return wide.size() < WIDE_ROWS;
  }

  /** The path that leads here. */
  JsonPath path() {
    List<JsonPath.Step> steps = new ArrayList<>();
    for (JsonNode n = this; n.step != null && n.parent != null; n = n.parent) {
      steps.add(0, n.step);
    }
    return new JsonPath(steps);
  }
}
