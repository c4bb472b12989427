package io.vec2text.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import io.vec2text.StopReason;
import io.vec2text.Vec2TextException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.CollectionConverters;

class InvertedRowsTest {
  private final List<Integer> calls = new ArrayList<>();
  private StopReason stop = StopReason.BUDGET;

  private final Inverter fake =
      new Inverter() {
        @Override
        public EmbeddingSpace space() {
          return EmbeddingSpace.of("fake", 1);
        }

        @Override
        public List<Outcome> invertAll(List<float[]> vectors, InversionOptions options) {
          calls.add(vectors.size());
          return vectors.stream()
              .map(v -> Outcome.of(InversionResult.builder().text("t" + v[0]).stop(stop).build()))
              .toList();
        }
      };

  private InvertedRows invert(Iterator<Row> rows, int batchSize) {
    return new InvertedRows(rows, 0, batchSize, fake, InversionOptions.defaults());
  }

  private static Iterator<Row> rows(int... components) {
    return IntStream.of(components)
        .mapToObj(i -> RowFactory.create(CollectionConverters.asScala(List.of((float) i))))
        .iterator();
  }

  @Test
  void readsNoFurtherThanABatchAndInvertsEqualVectorsOnce() {
    Iterator<Row> source = rows(1, 2, 1, 1, 3, 2, 9);
    InvertedRows inverted = invert(source, 4);
    assertThat(calls).isEmpty();
    assertThat(inverted.next().getStruct(1).getString(0)).isEqualTo("t1.0");
    assertThat(source.next().getList(0)).isEqualTo(List.of(3f));
    List<String> rest = new ArrayList<>();
    inverted.forEachRemaining(row -> rest.add(row.getStruct(1).getString(0)));
    assertThat(rest).containsExactly("t2.0", "t1.0", "t1.0", "t2.0", "t9.0");
    assertThat(calls).containsExactly(2, 2);
  }

  @Test
  void anEmptyPartitionNeedsNoCall() {
    assertThat(invert(rows(), 4).hasNext()).isFalse();
    assertThat(calls).isEmpty();
  }

  @Test
  void whatWasCutShortIsNoRow() {
    stop = StopReason.CANCELLED;
    InvertedRows inverted = invert(rows(1), 4);
    assertThatExceptionOfType(Vec2TextException.class)
        .isThrownBy(inverted::next)
        .withMessage("the task was cancelled");
  }
}
