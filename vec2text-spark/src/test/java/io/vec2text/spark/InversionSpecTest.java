package io.vec2text.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vec2text.InversionOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class InversionSpecTest {
  private static InversionSpec sent(InversionSpec spec) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(spec);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (InversionSpec) in.readObject();
    }
  }

  @Test
  void arrivesAsItWasSent() throws Exception {
    InversionSpec spec =
        InversionSpec.builder()
            .model(Path.of("/models/my-space"))
            .variant("int8")
            .options(
                InversionOptions.builder()
                    .maxEmbeddings(77)
                    .noise(0.01)
                    .seed(9)
                    .truncated(128)
                    .searchAnyway(true)
                    .build())
            .outputColumn("found")
            .batchSize(5)
            .threads(3)
            .build();
    InversionSpec sent = sent(spec);
    assertThat(sent).isEqualTo(spec).hasSameHashCodeAs(spec).hasToString(spec.toString());
    assertThat(sent).isNotEqualTo(InversionSpec.defaults());
    assertThat(sent.inverter())
        .isEqualTo(new PackageModels(Path.of("/models/my-space").toString(), true, "int8"));
    assertThat(sent.outputColumn()).isEqualTo("found");
    assertThat(sent.batchSize()).isEqualTo(5);
    assertThat(sent.threads()).isEqualTo(3);
    InversionOptions options = sent.options();
    assertThat(options.maxEmbeddings()).isEqualTo(77);
    assertThat(options.noise()).contains(0.01);
    assertThat(options.seed()).isEqualTo(9);
    assertThat(options.truncated()).hasValue(128);
    assertThat(options.searchAnyway()).isTrue();
    assertThat(sent(InversionSpec.defaults())).isEqualTo(InversionSpec.defaults());
  }

  @Test
  void theDefaultsAreThoseOfTheOptions() {
    InversionOptions options = InversionSpec.defaults().options();
    assertThat(options.maxEmbeddings()).isEqualTo(InversionOptions.defaults().maxEmbeddings());
    assertThat(options.seed()).isEqualTo(InversionOptions.defaults().seed());
    assertThat(options.noise()).isEmpty();
    assertThat(options.truncated()).isEmpty();
    assertThat(options.searchAnyway()).isFalse();
  }

  @Test
  void whatWouldMakeRowsDependOnMachinesIsRefused() {
    InversionSpec.Builder builder = InversionSpec.builder();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                builder.options(
                    InversionOptions.builder().timeLimit(Duration.ofSeconds(1)).build()))
        .withMessageContaining("time limit");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.options(InversionOptions.builder().trace(true).build()))
        .withMessageContaining("trace");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.inverter(ToyModels::openToys))
        .withMessageContaining("expected a record or an enum");
    assertThatIllegalArgumentException().isThrownBy(() -> builder.batchSize(0));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.threads(1025));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.outputColumn(" "));
  }
}
