package io.vec2text.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.primitives.Doubles;
import com.google.common.primitives.Floats;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import io.vec2text.testing.ToyEmbedder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SparkInversionTest {
  private static final int EMBEDDINGS = 120;
  private static final ToyModels TOYS = new ToyModels("shared");

  private static SparkSession spark;

  /** Each text stands twice, far apart. */
  private static List<String> texts;

  private static float[][] vectors;

  @BeforeAll
  static void start() {
    spark = SparkSession.builder().master("local[2]").appName("vec2text").getOrCreate();
    Random random = new Random(11);
    texts =
        new ArrayList<>(
            IntStream.range(0, 20).mapToObj(i -> ToyEmbedder.text(2 + i % 5, random)).toList());
    texts.addAll(List.copyOf(texts));
    try (ToyEmbedder embedder = new ToyEmbedder()) {
      vectors = embedder.embed(texts);
    }
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static InversionSpec.Builder spec() {
    return InversionSpec.builder()
        .inverter(TOYS)
        .options(InversionOptions.builder().maxEmbeddings(EMBEDDINGS).seed(5).build());
  }

  private static StructType schema(DataType component) {
    return new StructType()
        .add("id", DataTypes.IntegerType, false)
        .add("embedding", DataTypes.createArrayType(component, true), true);
  }

  private static Dataset<Row> data() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < vectors.length; i++) {
      rows.add(RowFactory.create(i, Floats.asList(vectors[i])));
    }
    return spark.createDataFrame(rows, schema(DataTypes.FloatType));
  }

  private static List<Row> collect(Dataset<Row> rows, InversionSpec spec) {
    return SparkInversion.invert(rows, "embedding", spec).orderBy("id").collectAsList();
  }

  private static Row result(Row row) {
    return row.getStruct(row.fieldIndex("inversion"));
  }

  @Test
  void rowsAreTheSameInOneTwoAndSevenPartitionsAndAsOneProcessFindsThem() {
    List<Row> one = collect(data().repartition(1), spec().build());
    assertThat(collect(data().repartition(2), spec().build())).isEqualTo(one);
    assertThat(collect(data().repartition(7), spec().build())).isEqualTo(one);
    assertThat(collect(data().repartition(7), spec().batchSize(1).build())).isEqualTo(one);
    assertThat(collect(data().repartition(2), spec().batchSize(3).threads(2).build()))
        .isEqualTo(one);

    try (Inverter inverter = ToyModels.openToys(1)) {
      int exact = 0;
      for (int i = 0; i < vectors.length; i++) {
        InversionResult alone = inverter.invert(vectors[i], spec().build().options());
        Row row = one.get(i);
        assertThat(row.getInt(0)).isEqualTo(i);
        assertThat(row.getList(1)).isEqualTo(Floats.asList(vectors[i]));
        assertThat(result(row)).isEqualTo(ResultColumn.of(Outcome.of(alone)));
        if (result(row).getAs("verdict").equals("EXACT")) {
          exact++;
          assertThat(result(row).<String>getAs("text")).isEqualTo(texts.get(i));
        }
      }
      assertThat(exact).isGreaterThan(20);
    }
  }

  @Test
  void equalVectorsCostTheSameWhereverTheyAre() {
    List<Row> rows = collect(data().repartition(3), spec().build());
    for (int i = 0; i < 20; i++) {
      assertThat(result(rows.get(i + 20))).isEqualTo(result(rows.get(i)));
      assertThat(result(rows.get(i)).<Integer>getAs("embeddings")).isBetween(1, EMBEDDINGS);
    }
  }

  @Test
  void doublesAreReadAsFloats() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      float[] vector = vectors[i];
      double[] doubles = IntStream.range(0, vector.length).mapToDouble(k -> vector[k]).toArray();
      rows.add(RowFactory.create(i, Doubles.asList(doubles)));
    }
    List<Row> found =
        collect(spark.createDataFrame(rows, schema(DataTypes.DoubleType)), spec().build());
    List<Row> floats = collect(data().where("id < 4"), spec().build());
    for (int i = 0; i < 4; i++) {
      assertThat(result(found.get(i))).isEqualTo(result(floats.get(i)));
    }
  }

  @Test
  void aBadRowIsAnErrorOfItsOwn() {
    List<Float> nan = new ArrayList<>(Floats.asList(vectors[0].clone()));
    nan.set(7, Float.NaN);
    List<Float> hole = new ArrayList<>(Floats.asList(vectors[0].clone()));
    hole.set(3, null);
    List<Row> rows =
        List.of(
            RowFactory.create(0, Floats.asList(vectors[0])),
            RowFactory.create(1, nan),
            RowFactory.create(2, (Object) null),
            RowFactory.create(3, Collections.nCopies(3, 1f)),
            RowFactory.create(4, Collections.nCopies(64, 0f)),
            RowFactory.create(5, hole),
            RowFactory.create(6, Floats.asList(vectors[1])));
    List<Row> found =
        collect(
            spark.createDataFrame(rows, schema(DataTypes.FloatType)).repartition(2),
            spec().build());
    assertThat(found.stream().map(r -> result(r).<String>getAs("error")))
        .containsExactly(
            null,
            "component 7 of the vector is NaN, expected finite numbers",
            "the vector is null, expected the 64 components of toy",
            "vector has dimension 3, but toy has dimension 64",
            "the vector is zero, expected one with a direction",
            "component 3 of the vector is null, expected finite numbers",
            null);
    assertThat(found.stream().map(r -> result(r).<String>getAs("verdict")).filter(v -> v != null))
        .hasSize(2);
    assertThat(result(found.get(1)).<String>getAs("text")).isNull();
  }

  @Test
  void allTasksOfAnExecutorShareOneInverter() {
    int before = ToyModels.OPENED.get();
    InversionSpec spec = spec().inverter(new ToyModels("counted")).build();
    assertThat(collect(data().limit(8).repartition(4), spec)).hasSize(8);
    assertThat(collect(data().limit(8).repartition(3), spec)).hasSize(8);
    assertThat(ToyModels.OPENED.get() - before).isEqualTo(1);
  }

  @Test
  void columnsThatDoNotFitAreNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SparkInversion.invert(data(), "vector", spec().build()))
        .withMessage("no column 'vector', expected one of [id, embedding]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SparkInversion.invert(data(), "id", spec().build()))
        .withMessage("column 'id' is int, expected array<float> or array<double>");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> SparkInversion.invert(data(), "embedding", spec().outputColumn("ID").build()))
        .withMessage("there is a column 'ID' already, choose another with outputColumn");
  }

  @Test
  void theColumnsTypeIsKnownBeforeAnythingRuns() {
    Dataset<Row> found = SparkInversion.invert(data(), "embedding", spec().build());
    assertThat(Arrays.asList(found.schema().fieldNames()))
        .containsExactly("id", "embedding", "inversion");
    assertThat(found.select("inversion.verdict", "inversion.error").schema().fieldNames())
        .hasSize(2);
  }
}
