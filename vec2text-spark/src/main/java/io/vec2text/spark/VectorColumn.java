package io.vec2text.spark;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** The column that holds the vectors. */
final class VectorColumn {
  private VectorColumn() {}

  /**
   * Where a column is.
   *
   * @throws IllegalArgumentException if there is none of that name, or it holds no arrays of floats
   *     or doubles
   */
  static int find(StructType schema, String name) {
    int index = Arrays.asList(schema.fieldNames()).indexOf(name);
    checkArgument(
        index >= 0, "no column '%s', expected one of %s", name, List.of(schema.fieldNames()));
    DataType type = schema.fields()[index].dataType();
    DataType element = type instanceof ArrayType array ? array.elementType() : null;
    checkArgument(
        DataTypes.FloatType.equals(element) || DataTypes.DoubleType.equals(element),
        "column '%s' is %s, expected array<float> or array<double>",
        name,
        type.catalogString());
    return index;
  }

  /**
   * Reads a vector.
   *
   * @return null if the row has none
   * @throws IllegalArgumentException if a component is null
   */
  static float @Nullable [] read(Row row, int index) {
    if (row.isNullAt(index)) {
      return null;
    }
    List<@Nullable Number> components = row.getList(index);
    float[] vector = new float[components.size()];
    int i = 0;
    for (Number component : components) {
      if (component == null) {
        throw new IllegalArgumentException(
            "component " + i + " of the vector is null, expected finite numbers");
      }
      // Adding 0 makes -0 a 0: vectors that are equal must be one.
      vector[i++] = component.floatValue() + 0f;
    }
    return vector;
  }
}
