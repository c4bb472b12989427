package io.vec2text.spark;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Arrays;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Inverts a column of vectors on a cluster.
 *
 * <pre>{@code
 * InversionSpec spec =
 *     InversionSpec.builder()
 *         .options(InversionOptions.builder().maxEmbeddings(200).build())
 *         .build();
 * SparkInversion.invert(chunks, "embedding", spec)
 *     .select("id", "inversion.verdict", "inversion.text")
 *     .write().parquet("found");
 * }</pre>
 *
 * <p>Each executor opens the models once and its tasks share them; they are closed when it ends.
 * Only the specification is sent. The models must be on the executors' class path, or in a
 * directory there.
 *
 * <p>A row's result depends on its vector and the specification alone: not on how rows are
 * partitioned or batched, on which executor it was found or how often it was tried. (Models whose
 * arithmetic depends on the batch, or on the machine's processor, break that by their rounding
 * errors.) So there is no column of seconds. What a lost executor had not finished is inverted
 * again by another; a task that is cancelled, or whose executor is ending, gives no rows.
 *
 * <p>What comes out is somebody's secret: write it where few can read.
 */
public final class SparkInversion {
  private SparkInversion() {}

  /**
   * Adds a column of results. Like all transformations of Spark it runs when the rows are asked
   * for, and each time that they are: cache or write them.
   *
   * <p>The column is a struct:
   *
   * <ul>
   *   <li>{@code text} string: the text whose vector came closest, empty if nothing was found
   *   <li>{@code cosine} double: of that text's vector with the row's, in [-1, 1]
   *   <li>{@code verdict} string: a {@link io.vec2text.Verdict}
   *   <li>{@code stop} string: a {@link io.vec2text.StopReason}
   *   <li>{@code embeddings} int: texts embedded for this vector; the same for rows of equal
   *       vectors, of which one of a batch is searched
   *   <li>{@code error} string: why there is no result, all else being null then: the vector is
   *       null, zero, or of another dimension, a component is null or not finite, or its inversion
   *       failed. Null if there is one.
   * </ul>
   *
   * @param rows any rows; their other columns are kept
   * @param vectorColumn the name of a column of type {@code array<float>} or {@code array<double>}
   * @throws IllegalArgumentException if there is no such column, it is of another type, or there is
   *     already one of the name that the results are to have
   */
  public static Dataset<Row> invert(Dataset<Row> rows, String vectorColumn, InversionSpec spec) {
    StructType schema = rows.schema();
    int index = VectorColumn.find(schema, vectorColumn);
    String output = spec.outputColumn();
    checkArgument(
        Arrays.stream(schema.fieldNames()).noneMatch(output::equalsIgnoreCase),
        "there is a column '%s' already, choose another with outputColumn",
        output);
    return rows.mapPartitions(
        new PartitionInversion(spec, index),
        Encoders.row(schema.add(output, ResultColumn.TYPE, false)));
  }
}
