package io.vec2text.spark;

import io.vec2text.Inverter;
import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;

/**
 * Inverts a partition on an executor.
 *
 * @param spec how
 * @param vectorColumn where in a row the vector is
 */
record PartitionInversion(InversionSpec spec, int vectorColumn)
    implements MapPartitionsFunction<Row, Row> {

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    TaskContext task = TaskContext.get();
    int threads = spec.threads() > 0 || task == null ? spec.threads() : task.cpus();
    Inverter inverter = ExecutorInverters.get(spec.inverter(), Math.max(1, threads));
    return new InvertedRows(
        rows, vectorColumn, spec.batchSize(), inverter, spec.options(ExecutorInverters.ending()));
  }
}
