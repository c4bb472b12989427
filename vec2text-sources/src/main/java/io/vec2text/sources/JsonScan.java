package io.vec2text.sources;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.vec2text.sources.internal.Limits;
import io.vec2text.sources.internal.ListText;
import io.vec2text.sources.internal.VectorText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a document until it is known where its vectors are: at the first MiB, and at more if
 * that has none, or if ids may follow the vectors in an array of their own.
 */
final class JsonScan {
  /** Where there are arrays of numbers, though none of the dimension, no more than this is read. */
  private static final long LONGEST = 16L << 20;

  private static final Set<String> NUMBERS =
      Set.of("N", "$numberDouble", "$numberInt", "$numberLong", "$numberDecimal");

  private final JsonRoots roots;
  private final OptionalInt dimension;
  private final JsonNode root = new JsonNode(null, null);
  private final List<JsonNode> fitting = new ArrayList<>();
  private int nodes;

  /** The elements of arrays that may still be kept. */
  private int budget = 1 << 18;

  private boolean stopped;
  private boolean anyNumbers;
  private long rootCount;
  private @Nullable String problem;

  private JsonScan(JsonRoots roots, OptionalInt dimension) {
    this.roots = roots;
    this.dimension = dimension;
  }

  static JsonScan of(JsonRoots roots, OptionalInt dimension) throws IOException {
    JsonScan scan = new JsonScan(roots, dimension);
    scan.scan();
    return scan;
  }

  /** What was found. */
  JsonNode root() {
    return root;
  }

  /** How many values stand in no other. */
  long rootCount() {
    return rootCount;
  }

  /** The first error; null if there was none. */
  @Nullable String problem() {
    return problem;
  }

  private void scan() throws IOException {
    while (!stopped) {
      try {
        JsonParser p = roots.next();
        if (p == null) {
          return;
        }
        rootCount++;
        scan(p, root);
      } catch (JsonProcessingException e) {
        problem = problem == null ? roots.problem(e) : problem;
        if (!roots.recover()) {
          return;
        }
        rootCount++;
      }
      checkStop();
    }
  }

  private void checkStop() {
    long read = roots.position();
    if (nodes > Limits.MAX_PATHS) {
      stopped = true;
    } else if (read > Limits.SAMPLE) {
      stopped =
          fitting.isEmpty()
              ? anyNumbers && read > LONGEST
              : fitting.stream().noneMatch(JsonScan::mayHaveIdsBehind);
    }
  }

  /** Whether vectors stand in an array that is a field of an object that has not ended yet. */
  private static boolean mayHaveIdsBehind(JsonNode node) {
    JsonNode n = node;
    while (n.parent != null && n.step instanceof JsonPath.EachElement) {
      n = n.parent;
    }
    return n != node
        && n.step instanceof JsonPath.Field
        && n.parent != null
        && n.parent.closedObjects == 0;
  }

  /** Scans a value, and returns whether it is a number. */
  private boolean scan(JsonParser p, JsonNode node) throws IOException {
    return switch (p.currentToken()) {
      case START_OBJECT -> scanObject(p, node);
      case START_ARRAY -> {
        scanArray(p, node);
        yield false;
      }
      case VALUE_STRING -> scanText(p.getText(), node);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        if (node.wantsText()) {
          node.addScalar(p.getText());
        } else {
          node.scalars++;
        }
        yield true;
      }
      case VALUE_NULL -> {
        node.nulls++;
        yield false;
      }
      default -> {
        node.addScalar(p.getText());
        yield false;
      }
    };
  }

  private boolean scanText(String text, JsonNode node) {
    int size = VectorText.size(text, dimension);
    if (size > 1) {
      addVector(node, size);
    } else {
      node.addScalar(text);
    }
    return ListText.isNumber(text);
  }

  private boolean scanObject(JsonParser p, JsonNode node) throws IOException {
    node.objects++;
    NumberedNames names = new NumberedNames();
    int fields = 0;
    boolean number = false;
    for (JsonToken f = p.nextToken(); f != JsonToken.END_OBJECT; f = p.nextToken()) {
      String name = p.currentName();
      JsonToken value = p.nextToken();
      boolean counts = value.isNumeric() && names.follows(name);
      fields++;
      if (!counts || names.count() < 3) {
        number = scan(p, field(node, name)) && NUMBERS.contains(name);
      }
      checkStop();
      if (stopped) {
        return false;
      }
    }
    node.closedObjects++;
    if (names.count() > 1) {
      addVector(node, names.count());
    }
    return number && fields == 1;
  }

  private JsonNode field(JsonNode node, String name) {
    JsonNode child = node.fields.get(name);
    if (child == null) {
      nodes++;
      child = new JsonNode(node, new JsonPath.Field(name));
      node.fields.put(name, child);
    }
    return child;
  }

  private JsonNode element(JsonNode node) {
    JsonNode child = node.element;
    if (child == null) {
      child = new JsonNode(node, new JsonPath.EachElement());
      node.element = child;
    }
    return child;
  }

  private void scanArray(JsonParser p, JsonNode node) throws IOException {
    int n = 0;
    int numbers = 0;
    int containers = 0;
    int nulls = 0;
    int container = -1;
    boolean keeps = node.wantsWide() && !fits(node);
    List<String> cells = new ArrayList<>();
    for (JsonToken t = p.nextToken(); t != JsonToken.END_ARRAY; t = p.nextToken()) {
      boolean isNumber;
      boolean isScalar = t.isScalarValue();
      if (isScalar && n >= JsonNode.MANY && t != JsonToken.VALUE_STRING) {
        isNumber = t.isNumeric();
        element(node).scalars++;
      } else {
        isNumber = scan(p, element(node));
      }
      if (isScalar && keeps && cells.size() < budget) {
        String text = p.getText();
        cells.add(text.length() > 64 ? text.substring(0, 64) : text);
      }
      n++;
      numbers += isNumber ? 1 : 0;
      nulls += t == JsonToken.VALUE_NULL ? 1 : 0;
      if (!isScalar && !isNumber) {
        containers++;
        container = n - 1;
      }
      if (!isScalar) {
        checkStop();
        if (stopped) {
          return;
        }
      }
    }
    if (containers == 0 && n > 0 && numbers >= Math.max(1, nulls) && numbers + nulls == n) {
      addVector(node, n);
    }
    if (containers == 0 && n > 1 && cells.size() == n && n != dimension.orElse(0)) {
      budget -= n;
      if (numbers > 1) {
        node.wide.add(cells);
      } else if (node.columnNames.isEmpty()) {
        node.columnNames = cells;
      }
    }
    int only = containers == 1 && n > 1 + nulls ? container : -1;
    node.onlyContainer = node.arrays == 0 || node.onlyContainer == only ? only : -1;
    node.arrays++;
  }

  private boolean fits(JsonNode node) {
    return dimension.isEmpty()
        ? !node.vectors.isEmpty()
        : node.vectors.containsKey(dimension.getAsInt());
  }

  private void addVector(JsonNode node, int size) {
    node.addVector(size);
    anyNumbers |= size > 16;
    boolean fits = dimension.isEmpty() ? size > 1 : size == dimension.getAsInt();
    if (fits && fitting.size() < Limits.MAX_PATHS && node.vectors.getOrDefault(size, 0) == 1) {
      fitting.add(node);
    }
  }
}
