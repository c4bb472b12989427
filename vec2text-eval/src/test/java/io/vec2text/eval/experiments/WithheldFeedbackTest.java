package io.vec2text.eval.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import io.vec2text.VectorStatistics;
import io.vec2text.testing.ToyCorrector;
import io.vec2text.testing.ToyEmbedder;
import org.junit.jupiter.api.Test;

class WithheldFeedbackTest {
  @Test
  void passesOnHowVectorsAreDistributed() {
    ToyEmbedder embedder = new ToyEmbedder();
    VectorStatistics statistics = embedder.statistics();
    assertThat(WithheldFeedback.of(new ToyCorrector(embedder, statistics)).vectorStatistics())
        .containsSame(statistics);
  }
}
