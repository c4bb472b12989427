package io.vec2text.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.Inverter;
import io.vec2text.StopReason;
import io.vec2text.Vec2TextException;
import io.vec2text.search.Search;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A toy checkpoint, converted, by the front door. */
class ConvertedCheckpointTest {
  private static final String TEXT = "The king was born in the north.";
  private static final InversionOptions OPTIONS =
      InversionOptions.builder().maxEmbeddings(60).build();

  private static Vec2Text open() {
    return Vec2Text.builder().model(T5Toy.folder()).device(Device.CPU).open();
  }

  @Test
  void everySearchRuns() {
    try (Vec2Text inverter = open()) {
      float[] vector = inverter.embedder().embed(List.of(TEXT))[0];
      for (Search search :
          List.of(
              Search.pool(),
              Search.greedy(0),
              Search.greedy(3),
              Search.sequenceBeam(2, 3),
              Search.published(2, 3))) {
        InversionResult result = inverter.with(search).invert(vector, OPTIONS);
        assertThat(result.text()).as(search.toString()).isNotEmpty();
        assertThat(result.cosine())
            .isEqualTo(result.alternatives().get(0).cosine())
            .isBetween(-1.0, 1.0);
        assertThat(result.predictedWords()).isEmpty();
      }
      assertThat(inverter.corrector().wordPredictor()).isEmpty();
    }
  }

  @Test
  void theCorrectedSearchNeverEndsWorseThanItWas() {
    try (Vec2Text inverter = open()) {
      for (float[] vector : inverter.embedder().embed(List.of(TEXT, "He died.", "In the sea."))) {
        double guess = inverter.with(Search.greedy(0)).invert(vector).cosine();
        double corrected = inverter.with(Search.greedy(3)).invert(vector).cosine();
        double pool = inverter.with(Search.pool()).invert(vector, OPTIONS).cosine();
        assertThat(corrected).isGreaterThanOrEqualTo(guess);
        assertThat(pool).isGreaterThanOrEqualTo(guess - 1e-6);
      }
    }
  }

  @Test
  void theLengthOfAVectorThatIsNotNormalisedTells() {
    try (Vec2Text inverter = open()) {
      float[] vector = inverter.embedder().embed(List.of(TEXT))[0];
      float[] doubled = vector.clone();
      for (int i = 0; i < doubled.length; i++) {
        doubled[i] *= 2;
      }
      InversionResult result = inverter.with(Search.published(0, 1)).invert(doubled, OPTIONS);
      assertThat(result.stop()).isEqualTo(StopReason.BUDGET);
      assertThat(result.vectorNorm())
          .isEqualTo(2 * inverter.with(Search.greedy(0)).invert(vector, OPTIONS).vectorNorm());
    }
  }

  @Test
  void anEmbedderOfOnesOwnNeedShowNoTokens() {
    OnnxEmbedder own = OnnxEmbedder.open(ModelPackage.open(T5Toy.folder()), Device.CPU, 0);
    Embedder blind = new Blind(own, own.space());
    try (Inverter inverter =
        Vec2Text.builder().model(T5Toy.folder()).embedder(blind).device(Device.CPU).open()) {
      float[] vector = blind.embed(List.of(TEXT))[0];
      assertThat(inverter.invert(vector, OPTIONS).text()).isNotEmpty();
    }
  }

  @Test
  void anEmbedderOfAnotherSpaceIsRefused() {
    OnnxEmbedder own = OnnxEmbedder.open(ModelPackage.open(T5Toy.folder()), Device.CPU, 0);
    try (Embedder other = new Blind(own, EmbeddingSpace.of("text-embedding-ada-002", 32))) {
      assertThatExceptionOfType(Vec2TextException.class)
          .isThrownBy(() -> Vec2Text.builder().model(T5Toy.folder()).embedder(other).open())
          .withMessageContaining("the corrector is for sentence-transformers/gtr-t5-base")
          .withMessageContaining("but the embedder is text-embedding-ada-002");
    }
  }

  @Test
  void aBeamWiderThanTheModelsTellIsRefused() {
    try (Vec2Text inverter = open()) {
      float[] vector = inverter.embedder().embed(List.of(TEXT))[0];
      assertThatIllegalArgumentException()
          .isThrownBy(() -> inverter.with(Search.published(1, 33)).invert(vector, OPTIONS))
          .withMessage("beam width must be at most 32 for these models, was 33");
    }
  }

  @Test
  void aPackageForAnApisVectorsNeedsAnEmbedder(@TempDir Path folder) {
    DamagedPackage damaged = DamagedPackage.of(T5Toy.copyTo(folder));
    damaged.manifest(json -> json.replace("\"embedder\": {", "\"none\": {"));
    assertRefused(folder, "has no embedder; bring one with Vec2Text.builder().embedder");
    assertThat(PackageCheck.run(folder, Device.CPU, 0).info().graphs())
        .doesNotContainKey("embedder");
  }

  @Test
  void anotherTokenizerIsRefused(@TempDir Path folder) {
    DamagedPackage damaged = DamagedPackage.of(T5Toy.copyTo(folder));
    damaged.replace("tokenizer.json", ConvertedCheckpointTest::endsInUnknown);
    assertRefused(
        folder,
        "tokenizer tokenizer.json puts [] before a text and [2] after it, expected [] and [1]");
  }

  /** A tokenizer that puts another special token after a text. */
  private static String endsInUnknown(String json) {
    int start = json.indexOf("\"post_processor\"");
    int end = json.indexOf("\"decoder\"");
    String template =
        json.substring(start, end)
            .replace("</s>", "<unk>")
            .replaceAll("\"ids\":\\s*\\[\\s*1\\s*\\]", "\"ids\": [2]");
    return json.substring(0, start) + template + json.substring(end);
  }

  @Test
  void aTensorThatIsMissingIsNamed(@TempDir Path folder) {
    DamagedPackage damaged = DamagedPackage.of(T5Toy.copyTo(folder));
    damaged.manifest(json -> json.replace("\"cross_k_1\"", "\"cross_k_7\""));
    assertRefused(folder, "cross_k_7");
  }

  @Test
  void aNewerFormatIsRefused(@TempDir Path folder) {
    DamagedPackage damaged = DamagedPackage.of(T5Toy.copyTo(folder));
    damaged.manifest(json -> json.replace("\"format\": 1", "\"format\": 2"));
    assertRefused(folder, "has format 2, expected 1");
  }

  @Test
  void anUnknownKindIsRefused(@TempDir Path folder) {
    DamagedPackage damaged = DamagedPackage.of(T5Toy.copyTo(folder));
    damaged.manifest(json -> json.replace("vec2text-t5", "vec2text-t6"));
    assertRefused(folder, "kind is \"vec2text-t6\", expected");
  }

  @Test
  void aFlippedByteInAnyFileIsFound(@TempDir Path folder) throws IOException {
    T5Toy.copyTo(folder);
    for (String name : PackageInfo.of(folder).files().keySet()) {
      Path file = folder.resolve(name);
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length / 2] ^= 1;
      Files.write(file, bytes);
      assertRefused(folder, "file " + name + " has SHA-256");
      bytes[bytes.length / 2] ^= 1;
      Files.write(file, bytes);
    }
  }

  private static void assertRefused(Path folder, String message) {
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> Vec2Text.builder().model(folder).device(Device.CPU).open().close())
        .withMessageContaining(message);
  }

  /** An embedder that does not show its tokens. */
  private record Blind(Embedder embedder, EmbeddingSpace space) implements Embedder {
    @Override
    public float[][] embed(List<String> texts) {
      return embedder.embed(texts);
    }

    @Override
    public void close() {
      embedder.close();
    }
  }
}
