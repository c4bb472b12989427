package io.vec2text.spark;

import io.vec2text.InversionOptions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The pieces of code of docs/spark.md, so that they compile; a test of the examples compares them.
 */
final class SparkSnippets {
  private SparkSnippets() {}

  static void invert(SparkSession session) {
    InversionSpec spec =
        InversionSpec.builder()
            .model("sentence-transformers/all-MiniLM-L6-v2")
            .options(InversionOptions.builder().maxEmbeddings(300).build())
            .build();
    Dataset<Row> chunks = session.read().parquet("chunks.parquet");
    SparkInversion.invert(chunks, "embedding", spec)
        .select("id", "inversion.verdict", "inversion.text", "inversion.error")
        .write()
        .parquet("found.parquet");
  }
}
