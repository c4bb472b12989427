package io.vec2text.spark;

import io.vec2text.InversionResult;
import io.vec2text.Outcome;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** What became of a vector, as a struct. */
final class ResultColumn {
  static final StructType TYPE =
      new StructType()
          .add("text", DataTypes.StringType, true)
          .add("cosine", DataTypes.DoubleType, true)
          .add("verdict", DataTypes.StringType, true)
          .add("stop", DataTypes.StringType, true)
          .add("embeddings", DataTypes.IntegerType, true)
          .add("error", DataTypes.StringType, true);

  private ResultColumn() {}

  static Row of(Outcome outcome) {
    return outcome.result().map(ResultColumn::found).orElseGet(() -> failed(outcome));
  }

  private static Row found(InversionResult result) {
    return RowFactory.create(
        result.text(),
        result.cosine(),
        result.verdict().name(),
        result.stop().name(),
        result.cost().embedderCalls(),
        null);
  }

  private static Row failed(Outcome outcome) {
    String error =
        outcome
            .error()
            .map(e -> e.getMessage() == null ? e.getClass().getName() : e.getMessage())
            .orElse("no result");
    return RowFactory.create(null, null, null, null, null, error);
  }
}
