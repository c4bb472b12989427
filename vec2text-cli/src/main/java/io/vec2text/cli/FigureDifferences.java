package io.vec2text.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Sets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where two JSON reports differ.
 *
 * @param compared how many values were compared
 * @param figures the values that differ, each with its path
 * @param circumstances differences of versions and threads, which explain others
 */
record FigureDifferences(int compared, List<String> figures, List<String> circumstances) {
  private static final Set<String> TIMES = Set.of("seconds", "wallSeconds", "command");
  private static final Set<String> CIRCUMSTANCES = Set.of("versions", "threads");

  FigureDifferences {
    figures = ImmutableList.copyOf(figures);
    circumstances = ImmutableList.copyOf(circumstances);
  }

  /** Compares reports; times and the command are left out. */
  static FigureDifferences of(JsonNode expected, JsonNode found) {
    Comparison comparison = new Comparison();
    comparison.compare("", expected, found, comparison.figures);
    return new FigureDifferences(
        comparison.compared, comparison.figures, List.copyOf(comparison.circumstances));
  }

  private static final class Comparison {
    private final List<String> figures = new ArrayList<>();
    // The same for each of many evaluations.
    private final Set<String> circumstances = new TreeSet<>();
    private int compared;

    void compare(String path, JsonNode expected, JsonNode found, Collection<String> into) {
      if (expected.isObject() && found.isObject()) {
        Set<String> names = new TreeSet<>();
        names.addAll(Sets.newHashSet(expected.fieldNames()));
        names.addAll(Sets.newHashSet(found.fieldNames()));
        for (String name : names) {
          JsonNode a = expected.path(name);
          JsonNode b = found.path(name);
          if (CIRCUMSTANCES.contains(name)) {
            compare(name, a, b, circumstances);
          } else if (!TIMES.contains(name)) {
            compare(path + "/" + name, a, b, into);
          }
        }
      } else if (expected.isArray() && found.isArray() && expected.size() == found.size()) {
        for (int i = 0; i < expected.size(); i++) {
          compare(path + "/" + i, expected.get(i), found.get(i), into);
        }
      } else {
        if (into == figures) {
          compared++;
        }
        if (!expected.equals(found)) {
          into.add(path + ": was " + shown(expected) + ", is " + shown(found));
        }
      }
    }

    private static String shown(JsonNode node) {
      if (node.isArray()) {
        return node.size() + " values";
      }
      return node.isMissingNode() ? "missing" : node.toString();
    }
  }
}
