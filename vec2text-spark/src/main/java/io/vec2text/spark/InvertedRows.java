package io.vec2text.spark;

import com.google.common.collect.AbstractIterator;
import com.google.common.primitives.Floats;
import io.vec2text.InversionOptions;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import io.vec2text.StopReason;
import io.vec2text.Vec2TextException;
import io.vec2text.internal.ShutdownOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;

/** The rows of a partition with their results, of which a batch at a time is in memory. */
final class InvertedRows extends AbstractIterator<Row> {
  private final Iterator<Row> rows;
  private final int vectorColumn;
  private final int batchSize;
  private final Inverter inverter;
  private final InversionOptions options;
  private final Queue<Row> ready = new ArrayDeque<>();

  InvertedRows(
      Iterator<Row> rows,
      int vectorColumn,
      int batchSize,
      Inverter inverter,
      InversionOptions options) {
    this.rows = rows;
    this.vectorColumn = vectorColumn;
    this.batchSize = batchSize;
    this.inverter = inverter;
    this.options = options;
  }

  @Override
  protected @Nullable Row computeNext() {
    if (ready.isEmpty() && rows.hasNext()) {
      invertBatch();
    }
    Row next = ready.poll();
    return next == null ? endOfData() : next;
  }

  private void invertBatch() {
    List<Row> batch = new ArrayList<>();
    while (batch.size() < batchSize && rows.hasNext()) {
      batch.add(rows.next());
    }
    List<Outcome> outcomes = invert(batch);
    for (int i = 0; i < batch.size(); i++) {
      ready.add(withResult(batch.get(i), ResultColumn.of(outcomes.get(i))));
    }
  }

  /**
   * Inverts each different vector once, so that the cost of a row does not depend on which others
   * are in its batch.
   */
  private List<Outcome> invert(List<Row> batch) {
    Map<@Nullable List<Float>, Integer> positions = new HashMap<>();
    List<float @Nullable []> different = new ArrayList<>();
    // A position in the list of different vectors, or an error.
    List<Object> places = new ArrayList<>();
    for (Row row : batch) {
      try {
        float[] vector = VectorColumn.read(row, vectorColumn);
        int position =
            positions.computeIfAbsent(
                vector == null ? null : Floats.asList(vector),
                v -> {
                  different.add(vector);
                  return different.size() - 1;
                });
        places.add(position);
      } catch (IllegalArgumentException e) {
        places.add(Outcome.failed(e));
      }
    }
    List<Outcome> outcomes = inverter.invertAll(different, options);
    checkComplete(outcomes);
    return places.stream()
        .map(place -> place instanceof Integer i ? outcomes.get(i) : (Outcome) place)
        .toList();
  }

  /** What was cut short must not become a row: Spark does it again elsewhere. */
  private static void checkComplete(List<Outcome> outcomes) {
    ShutdownOrder.check();
    for (Outcome outcome : outcomes) {
      if (outcome.result().filter(r -> r.stop() == StopReason.CANCELLED).isPresent()) {
        throw new Vec2TextException("the task was cancelled");
      }
    }
  }

  private static Row withResult(Row row, Row result) {
    @Nullable Object[] values = new Object[row.size() + 1];
    for (int i = 0; i < row.size(); i++) {
      values[i] = row.get(i);
    }
    values[row.size()] = result;
    return RowFactory.create(values);
  }
}
