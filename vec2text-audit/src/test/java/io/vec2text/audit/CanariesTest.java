package io.vec2text.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vec2text.audit.detect.DataType;
import io.vec2text.audit.detect.Detection;
import io.vec2text.audit.detect.Detectors;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CanariesTest {

  @Test
  void areUniqueAndTheSameForASeed() {
    List<Canary> canaries = Canaries.make(Canaries.MAX, 5);
    assertThat(canaries).extracting(Canary::text).doesNotHaveDuplicates();
    assertThat(canaries).extracting(Canary::id).doesNotHaveDuplicates();
    assertThat(Canaries.make(10, 5)).isEqualTo(canaries.subList(0, 10));
    assertThat(Canaries.make(10, 6)).doesNotContainAnyElementsOf(canaries.subList(0, 10));
  }

  @Test
  void holdWhatAuditsLookFor() {
    Detectors detectors = Detectors.standard();
    assertThat(
            Canaries.make(60, 0).stream()
                .flatMap(c -> detectors.detect(c.text()).stream())
                .map(Detection::type)
                .distinct())
        .contains(DataType.EMAIL, DataType.PHONE, DataType.PASSWORD);
  }

  @Test
  void areOneToAThousand() {
    assertThatThrownBy(() -> Canaries.make(0, 0)).hasMessageContaining("from 1 to 1000, was 0");
    assertThatThrownBy(() -> Canaries.make(1001, 0)).hasMessageContaining("was 1001");
  }
}
