/**
 * Inverts a column of vectors on Apache Spark 4.
 *
 * <p>{@link io.vec2text.spark.SparkInversion} adds a column to a {@code Dataset<Row>}; {@link
 * io.vec2text.spark.InversionSpec} says with which models and at what cost.
 */
@NullMarked
package io.vec2text.spark;

import org.jspecify.annotations.NullMarked;
