package io.vec2text.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vec2text.Cancellation;
import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.Outcome;
import io.vec2text.Tokenization;
import io.vec2text.Vec2TextException;
import io.vec2text.Verdict;
import io.vec2text.bridge.BridgeFit;
import io.vec2text.search.Search;
import io.vec2text.spi.ForwardingEmbedder;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.RandomMatrices_DDRM;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A space made of all-MiniLM-L6-v2 itself by a random rotation, and of nothing else. */
class SpaceCreatorTest {
  private static final String BASE = "sentence-transformers/all-MiniLM-L6-v2";
  private static final String MINILM =
      "../vec2text-minilm/src/main/resources/io/vec2text/models/all-MiniLM-L6-v2";
  private static final int TEXTS = 600;

  /** Rotates the vectors, and counts texts. Those that it has seen, it need not embed again. */
  private static final class Rotated extends ForwardingEmbedder {
    private static final EmbeddingSpace SPACE = EmbeddingSpace.of("example/rotated", 384);
    private final DMatrixRMaj rotation = RandomMatrices_DDRM.orthogonal(384, 384, new Random(5));
    private final Map<String, float[]> seen = new HashMap<>();
    private int embedded;

    Rotated() {
      super(OnnxEmbedder.open(ModelPackage.onClassPath(BASE), Device.CPU, 0));
    }

    @Override
    public EmbeddingSpace space() {
      return SPACE;
    }

    @Override
    public synchronized float[][] embed(List<String> texts) {
      embedded += texts.size();
      List<String> unseen = texts.stream().filter(t -> !seen.containsKey(t)).distinct().toList();
      float[][] vectors = delegate().embed(unseen);
      for (int i = 0; i < vectors.length; i++) {
        seen.put(unseen.get(i), rotated(vectors[i]));
      }
      return texts.stream().map(t -> seen.get(t).clone()).toArray(float[][]::new);
    }

    private float[] rotated(float[] given) {
      float[] v = new float[given.length];
      for (int i = 0; i < v.length; i++) {
        double sum = 0;
        for (int j = 0; j < v.length; j++) {
          sum += rotation.get(i, j) * given[j];
        }
        v[i] = (float) sum;
      }
      return v;
    }
  }

  private static final Rotated EMBEDDER = new Rotated();

  @AfterAll
  static void close() {
    EMBEDDER.close();
  }

  /** The embedder, which stays open for the other tests. */
  private static Embedder lent() {
    return new ForwardingEmbedder(EMBEDDER) {
      @Override
      public void close() {}
    };
  }

  private static SpaceCreator creator(Embedder embedder) {
    return SpaceCreator.of(embedder).limit(TEXTS).embedTokens(false).device(Device.CPU);
  }

  @Test
  void aRotatedSpaceIsInvertedAsTheBaseIs(@TempDir Path folder) throws IOException {
    Path space = folder.resolve("rotated");
    Cancellation cancellation = new Cancellation();
    SpaceCreator stopped =
        creator(EMBEDDER)
            .cancellation(cancellation)
            .listener(
                (stage, done, all) -> {
                  if (done >= 256) {
                    cancellation.cancel();
                  }
                });
    int before = EMBEDDER.embedded;
    assertThatExceptionOfType(Vec2TextException.class)
        .isThrownBy(() -> stopped.create(space))
        .withMessage("stopped after 256 of 600 texts; the same command goes on");

    BridgeFit fit = creator(EMBEDDER).create(space);

    assertThat(EMBEDDER.embedded - before).isEqualTo(TEXTS);
    assertThat(fit.cosine()).isGreaterThan(0.99);
    assertThat(Files.exists(folder.resolve("rotated.partial"))).isFalse();
    String text = "She was born in Berlin in 1953.";
    float[] vector = EMBEDDER.embed(List.of(text))[0];
    try (Vec2Text inverter =
        Vec2Text.builder().model(space).embedder(lent()).device(Device.CPU).open()) {
      InversionResult result =
          inverter.invert(vector, InversionOptions.builder().maxEmbeddings(300).build());
      assertThat(result.verdict()).isEqualTo(Verdict.EXACT);
      assertThat(result.text()).isEqualTo("she was born in berlin in 1953.");
      assertThat(inverter.space()).isEqualTo(Rotated.SPACE);
    }
    assertThat(PackageInfo.of(space).kind()).hasValue("vec2text-bridge");
    String models = ModelPackage.open(space).sha256();
    Path own = copyOfBase(space.resolve("base"));
    try (Vec2Text inverter =
        Vec2Text.builder().model(space).embedder(lent()).device(Device.CPU).open()) {
      assertThat(inverter.invert(vector, InversionOptions.builder().maxEmbeddings(300).build()))
          .extracting(InversionResult::verdict)
          .isEqualTo(Verdict.EXACT);
      assertThat(inverter.versions().get("models")).doesNotContain(models);
    }
    Files.delete(own.resolve("weights.bin"));
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> Vec2Text.builder().model(space).embedder(lent()).open())
        .withMessageContaining("weights.bin");
    assertThatExceptionOfType(FileAlreadyExistsException.class)
        .isThrownBy(() -> creator(EMBEDDER).create(space));
  }

  /** The base models as a space has them that were trained for it: in a folder of its own. */
  private static Path copyOfBase(Path folder) throws IOException {
    Path source = Path.of(System.getProperty("user.dir"), MINILM);
    Files.createDirectory(folder);
    try (Stream<Path> files = Files.list(source)) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    return folder;
  }

  @Test
  void modelsWithATokenizerOfTheirOwnServeAnEmbedderWithOtherTokens(@TempDir Path temp)
      throws IOException {
    Path folder = copyOfBase(temp.resolve("own"));
    DamagedPackage.of(folder)
        .manifest(
            json ->
                json.replaceFirst(
                    "(?s)\"embedder\": \\{.*?},\\s*\"files\"",
                    "\"text\": {\"tokenizer\": \"all-minilm-l6-v2-tokenizer.json\","
                        + " \"skipped\": [], \"cleanUpSpaces\": false}, \"files\""));
    Embedder shown =
        new ForwardingEmbedder(OnnxEmbedder.open(ModelPackage.onClassPath(BASE), Device.CPU, 0)) {
          @Override
          public Optional<Tokenization> tokenization() {
            return Optional.empty();
          }
        };
    float[] vector = shown.embed(List.of("He died in 1905."))[0];
    Vec2Text.Builder builder = Vec2Text.builder().model(folder).device(Device.CPU);
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(builder::open)
        .withMessageContaining("has no embedder; bring one");
    try (Vec2Text inverter = builder.embedder(shown).open()) {
      InversionResult result =
          inverter.invert(vector, InversionOptions.builder().maxEmbeddings(300).build());
      assertThat(result.text()).isEqualTo("he died in 1905.");
      assertThat(result.verdict()).isEqualTo(Verdict.EXACT);
    }
  }

  @Test
  void anInverterLearnsFromTextsWhenItIsOpened() {
    List<String> texts = creator(EMBEDDER).distinctTexts();
    float[] vector = EMBEDDER.embed(List.of("He died in 1905."))[0];
    Vec2Text.Builder builder = Vec2Text.builder().calibration(texts).device(Device.CPU);

    assertThatIllegalArgumentException()
        .isThrownBy(builder::open)
        .withMessage("calibration needs an embedder, there is none");
    try (Vec2Text inverter = builder.embedder(lent()).open()) {
      InversionResult result =
          inverter.invert(vector, InversionOptions.builder().maxEmbeddings(300).build());
      assertThat(result.text()).isEqualTo("he died in 1905.");
      assertThat(result.verdict()).isEqualTo(Verdict.EXACT);
    }
  }

  @Test
  void pairsAloneSayWhatATextIsAboutAndCallNothingExact(@TempDir Path folder) throws IOException {
    List<String> texts = SpaceCreator.of(EMBEDDER).limit(TEXTS).distinctTexts();
    List<float[]> vectors = List.of(EMBEDDER.embed(texts));
    int before = EMBEDDER.embedded;
    Path space = folder.resolve("pairs");

    BridgeFit fit =
        SpaceCreator.of(Rotated.SPACE, vectors).texts(texts).device(Device.CPU).create(space);

    assertThat(fit.pairs()).isEqualTo(TEXTS);
    String text = "She was born in Berlin in 1953.";
    float[] vector = EMBEDDER.embed(List.of(text))[0];
    try (Vec2Text inverter = Vec2Text.builder().model(space).device(Device.CPU).open()) {
      InversionOptions options = InversionOptions.builder().maxEmbeddings(300).build();
      List<Outcome> outcomes =
          inverter.invertAll(Arrays.asList(vector, new float[3], null), options);
      InversionResult result = outcomes.get(0).orThrow();
      assertThat(result.text()).isEqualTo("she was born in berlin in 1953.");
      assertThat(result.verdict()).isEqualTo(Verdict.CLOSE);
      assertThat(inverter.space()).isEqualTo(Rotated.SPACE);
      assertThat(outcomes.get(1).error().orElseThrow())
          .hasMessageContaining("vector has dimension 3, but example/rotated has dimension 384");
      assertThat(outcomes.get(2).error().orElseThrow()).hasMessageContaining("the vector is null");
      assertThat(inverter.with(Search.parse("greedy:0")).invert(vector).verdict())
          .isNotEqualTo(Verdict.EXACT);
    }
    assertThat(EMBEDDER.embedded).isEqualTo(before + 1);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                SpaceCreator.of(Rotated.SPACE, vectors)
                    .texts(texts.subList(1, TEXTS))
                    .create(folder.resolve("p")))
        .withMessage("there are 600 vectors and 599 texts, expected a text for each");
  }

  @Test
  void tooFewTextsAreRefusedBeforeAnythingIsEmbedded(@TempDir Path folder) {
    int before = EMBEDDER.embedded;

    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> creator(EMBEDDER).texts(List.of("a", "b", " a ", "")).create(folder.resolve("s")))
        .withMessage("there are 2 different texts, expected at least 200, better 5,000 to 20,000");
    assertThat(EMBEDDER.embedded).isEqualTo(before);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void anotherRunsFolderIsNotContinued(@TempDir Path folder) throws IOException {
    Files.createDirectories(folder.resolve("s.partial"));
    Files.writeString(folder.resolve("s.partial").resolve("key"), "0");

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> creator(EMBEDDER).create(folder.resolve("s")))
        .withMessageContaining("is what another run left, of other texts or another embedder");
  }

  @Test
  void anEmbedderOfAnotherDimensionIsNamed(@TempDir Path folder) {
    Embedder liar =
        new ForwardingEmbedder(EMBEDDER) {
          @Override
          public EmbeddingSpace space() {
            return EmbeddingSpace.of("example/liar", 100);
          }
        };

    assertThatIllegalArgumentException()
        .isThrownBy(() -> creator(liar).create(folder.resolve("s")))
        .withMessage(
            "the embedder's vector of text 1: vector has dimension 384, but example/liar has"
                + " dimension 100");
  }
}
