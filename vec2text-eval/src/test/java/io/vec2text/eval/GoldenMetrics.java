package io.vec2text.eval;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.Streams;
import com.google.common.io.Resources;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import java.util.zip.GZIPInputStream;
import org.assertj.core.data.Offset;

/** The golden values of training/tools/metric_table.py, which says what they are. */
final class GoldenMetrics {
  static final Offset<Double> EXACTLY = within(1e-6);
  private static final ImmutableListMultimap<String, JsonNode> ROWS = read();

  private GoldenMetrics() {}

  static List<JsonNode> rows(String kind) {
    assertThat(ROWS.keySet()).contains(kind);
    return ROWS.get(kind);
  }

  /** The pairs that a row about several of them is about. */
  static List<JsonNode> pairs(JsonNode row) {
    return rows("pair").subList(row.get("from").asInt(), row.get("to").asInt());
  }

  static List<String> texts(List<JsonNode> pairs, String side) {
    return pairs.stream().map(p -> p.get(side).asText()).toList();
  }

  /** Checks a number of every pair. */
  static void check(String column, ToDoubleBiFunction<String, String> metric) {
    for (JsonNode row : rows("pair")) {
      assertThat(metric.applyAsDouble(row.get("h").asText(), row.get("r").asText()))
          .as("%s of %s", column, row)
          .isCloseTo(row.get(column).asDouble(), EXACTLY);
    }
  }

  static void check(Overlap overlap, JsonNode expected) {
    check(expected, overlap.precision(), overlap.recall(), overlap.f1());
  }

  static void check(Difference difference, JsonNode expected) {
    Interval interval = difference.interval();
    check(expected, difference.value(), interval.low(), interval.high(), difference.pValue());
  }

  static void check(JsonNode expected, double... found) {
    double[] values = Streams.stream(expected).mapToDouble(JsonNode::asDouble).toArray();
    assertThat(found).containsExactly(values, EXACTLY);
  }

  private static ImmutableListMultimap<String, JsonNode> read() {
    ObjectMapper json = new ObjectMapper();
    ImmutableListMultimap.Builder<String, JsonNode> rows = ImmutableListMultimap.builder();
    try (InputStream in =
            Resources.getResource(GoldenMetrics.class, "metrics.jsonl.gz").openStream();
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(new GZIPInputStream(in), UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode row = json.readTree(line);
        rows.put(row.get("kind").asText(), row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows.build();
  }
}
