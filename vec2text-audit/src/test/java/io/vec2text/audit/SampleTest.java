package io.vec2text.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.vec2text.Cancellation;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class SampleTest {

  private static Set<String> draw(ToyStore store, int size, long seed) throws IOException {
    return Sample.draw(
            store.reader(), size, seed, List.of(), List.of(), Optional.empty(), new Cancellation())
        .records()
        .stream()
        .map(d -> d.id().name())
        .collect(Collectors.toSet());
  }

  @Test
  void takesAllOfASmallStore() throws IOException {
    Sample sample =
        Sample.draw(
            ToyStore.of(5).reader(),
            10,
            0,
            List.of(),
            List.of(),
            Optional.empty(),
            new Cancellation());
    assertThat(sample.records()).hasSize(5);
    assertThat(sample.population()).isEqualTo(5);
    assertThat(sample.complete()).isTrue();
  }

  @Test
  void drawsEachRecordEquallyOften() throws IOException {
    ToyStore store = ToyStore.of(50);
    int[] drawn = new int[50];
    int runs = 2000;
    for (int seed = 0; seed < runs; seed++) {
      for (String id : draw(store, 10, seed)) {
        drawn[Integer.parseInt(id.substring(4))]++;
      }
    }
    // 400 each, with a standard deviation of 18.
    for (int n : drawn) {
      assertThat(n).isBetween(320, 480);
    }
  }

  @Test
  void keepsRecordsWhenOthersComeOrMove() throws IOException {
    ToyStore store = ToyStore.of(500);
    Set<String> before = draw(store, 50, 7);
    store.add("new", "Something new.");
    Set<String> after = draw(store, 50, 7);
    after.removeAll(before);
    assertThat(after.size()).isLessThanOrEqualTo(1);

    ToyStore reversed = new ToyStore();
    for (int i = 499; i >= 0; i--) {
      reversed.add(store.ids.get(i), store.texts.get(i));
    }
    assertThat(draw(reversed, 50, 7)).isEqualTo(before);
    assertThat(draw(store, 50, 8)).isNotEqualTo(before);
  }

  @Test
  void beginsWithTheSmallerSample() throws IOException {
    ToyStore store = ToyStore.of(100);
    assertThat(draw(store, 40, 3)).containsAll(draw(store, 20, 3));
  }

  @Test
  void keepsCanariesApart() throws IOException {
    ToyStore store = ToyStore.of(20);
    store.add("canary-0001", "renamed text");
    store.add("x", "The red clock near the river was sold in 1961.");
    List<Sample.Sought> sought =
        List.of(
            new Sample.Sought("canary-0001", ToyStore.vector("another text")),
            new Sample.Sought(
                "canary-0002", ToyStore.vector("The red clock near the river was sold in 1961.")),
            new Sample.Sought("canary-0003", ToyStore.vector("never inserted")));
    Sample sample =
        Sample.draw(
            store.reader(), 100, 0, sought, List.of(), Optional.empty(), new Cancellation());
    assertThat(sample.canaries().keySet()).containsExactlyInAnyOrder("canary-0001", "canary-0002");
    assertThat(sample.canaries().get("canary-0001").byId()).isTrue();
    assertThat(sample.canaries().get("canary-0002").drawn().id().name()).isEqualTo("x");
    assertThat(sample.records()).hasSize(20);
    assertThat(sample.population()).isEqualTo(20);
  }

  @Test
  void aRecordHoldsOneCanaryAtMost() throws IOException {
    ToyStore store = ToyStore.of(20);
    store.add("x", "The red clock near the river was sold in 1961.");
    float[] there = store.vectors.get(20);
    float[] similar = there.clone();
    similar[0] += 0.05f;
    List<Sample.Sought> sought =
        List.of(new Sample.Sought("similar", similar), new Sample.Sought("there", there));
    Sample sample =
        Sample.draw(
            store.reader(), 100, 0, sought, List.of(), Optional.empty(), new Cancellation());
    assertThat(sample.canaries().keySet()).containsExactly("there");
  }

  @Test
  void findsCanariesByWhatIsLeftOfTruncatedVectors() throws IOException {
    ToyStore store = ToyStore.of(20);
    store.add("x", "The red clock near the river was sold in 1961.");
    List<Sample.Sought> sought = List.of(new Sample.Sought("there", store.vectors.get(20)));
    store.vectors.replaceAll(v -> Arrays.copyOf(v, 8));
    Sample sample =
        Sample.draw(
            store.reader(), 100, 0, sought, List.of(), Optional.empty(), new Cancellation());
    assertThat(sample.canaries().get("there").drawn().id().name()).isEqualTo("x");
  }

  @Test
  void countsRowsWithoutVectorsApart() throws IOException {
    ToyStore store = ToyStore.of(20);
    Collections.fill(store.vectors.subList(0, 3), new float[0]);
    Sample sample =
        Sample.draw(
            store.reader(), 100, 0, List.of(), List.of(), Optional.empty(), new Cancellation());
    assertThat(sample.rows()).isEqualTo(20);
    assertThat(sample.malformed()).isEqualTo(3);
    assertThat(sample.population()).isEqualTo(17);
  }

  @Test
  void stopsWhenCancelled() throws IOException {
    Cancellation cancellation = new Cancellation();
    cancellation.cancel();
    Sample sample =
        Sample.draw(
            ToyStore.of(1000).reader(),
            10,
            0,
            List.of(),
            List.of(),
            Optional.empty(),
            cancellation);
    assertThat(sample.complete()).isFalse();
    assertThat(sample.rows()).isLessThan(1000);
  }
}
