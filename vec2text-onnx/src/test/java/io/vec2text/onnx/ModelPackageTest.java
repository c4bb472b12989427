package io.vec2text.onnx;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.hash.Hashing;
import io.vec2text.EmbeddingSpace;
import io.vec2text.EmbeddingSpace.Pooling;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelPackageTest {
  private static final EmbeddingSpace MINILM =
      new EmbeddingSpace(
          "sentence-transformers/all-MiniLM-L6-v2", "fp32", 384, Pooling.MEAN, true, "", 256);

  @TempDir Path temp;
  private Path directory;

  @BeforeEach
  void makeDirectory() throws IOException {
    directory = Files.createDirectory(temp.resolve("package"));
  }

  private static String manifest(String name, String tokenizer, String source) {
    return """
    {"format": 1, "name": "%s", "licence": "none", "training": {"seed": 17},
     "space": {"modelId": "org/%s", "variant": "fp32", "dimension": 8, "pooling": "mean",
       "normalized": true, "prefix": "", "tokenLimit": 64},
     "embedder": {"graph": "t.json", "tokenizer": "t.json", "inputs": [], "output": "h"},
     "files": {"t.json": {"sha256": "%s", "bytes": %d, "source": "%s"}}}
    """
        .formatted(
            name, name, Hashing.sha256().hashString(tokenizer, UTF_8), tokenizer.length(), source);
  }

  private void write(String name, String content) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  /** The directory as the only thing on a class path. */
  private PackageIndex classPath() throws IOException {
    return new PackageIndex(
        List.of(new URLClassLoader(new URL[] {directory.toUri().toURL()}, null)));
  }

  @Test
  void findsTheMiniLmPackageByItsIds() {
    for (String id :
        List.of("sentence-transformers/all-MiniLM-L6-v2", "all-MiniLM-L6-v2", "ALL-minilm-l6-v2")) {
      ModelPackage models = ModelPackage.onClassPath(id);

      assertThat(models.space()).isEqualTo(MINILM);
      assertThat(models.name()).isEqualTo("all-MiniLM-L6-v2");
      assertThat(models.file("all-minilm-l6-v2.onnx")).hasSize(90387606);
    }
    assertThat(ModelPackage.available()).containsExactly(MINILM);
  }

  @Test
  void saysWhichPackagesThereAreInPlaceOfAMissingOne() {
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> ModelPackage.onClassPath("text-embedding-3-small"))
        .withMessageContaining("no model package for text-embedding-3-small")
        .withMessageContaining(
            "expected one of [sentence-transformers/all-MiniLM-L6-v2 (fp32, 384)]")
        .withMessageEndingWith("in some minutes (docs/embedders.md)");
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> ModelPackage.onClassPath("all-MiniLM-L6-v2", null, classPath()))
        .withMessageContaining("no model package for all-MiniLM-L6-v2 on the class path, nor any")
        .withMessageContaining("docs/embedders.md");
  }

  @Test
  void opensADirectory() throws IOException {
    write("manifest.json", manifest("small", "{}", "package"));
    write("t.json", "{}");

    ModelPackage models = ModelPackage.open(directory);

    assertThat(models.file("t.json")).hasContent("{}");
    assertThat(models.training()).containsEntry("seed", 17);
    assertThat(models.licence()).isEqualTo("none");
    assertThat(models.canInvert()).isFalse();
    assertThat(models).hasToString("small for org/small (fp32, 8) in " + directory);
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(models::inversion)
        .withMessageContaining("no graphs that turn vectors into text")
        .withMessageContaining("training/README.md");
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> models.file("u.json"))
        .withMessageContaining("no file u.json");
  }

  @Test
  void ofTwoPackagesOfAModelTheOneWithItsNameIsFoundUnlessTheOtherIsNamed() throws IOException {
    write("META-INF/vec2text/models", "a\nb\n");
    String named = manifest("small", "{}", "package");
    write("a/manifest.json", named.replace("\"name\": \"small\"", "\"name\": \"small-prompts\""));
    write("a/t.json", "{}");
    write("b/manifest.json", named);
    write("b/t.json", "{}");
    for (String id : List.of("org/small", "small")) {
      assertThat(ModelPackage.onClassPath(id, null, classPath()).name()).isEqualTo("small");
    }
    assertThat(ModelPackage.onClassPath("small-prompts", null, classPath()).name())
        .isEqualTo("small-prompts");
  }

  @Test
  void opensADirectoryThatTakesAFileFromTheClassPath() throws IOException {
    write("lib/t.json", "{\"on\": \"class path\"}");
    write("manifest.json", manifest("small", "{\"on\": \"class path\"}", "classpath"));
    directory = directory.resolve("lib");

    ModelPackage models =
        ModelPackage.open(temp.resolve("package"), Verification.always(), classPath());

    assertThat(models.file("t.json")).hasContent("{\"on\": \"class path\"}");
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(
            () -> {
              Files.writeString(
                  temp.resolve("package/manifest.json"), manifest("small", "gone", "classpath"));
              Files.delete(directory.resolve("t.json"));
              ModelPackage.open(temp.resolve("package"), Verification.always(), classPath());
            })
        .withMessageContaining("file t.json is missing, expected on the class path");
  }

  @Test
  void refusesMissingAndDamagedFiles() throws IOException {
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> ModelPackage.open(directory))
        .withMessageContaining("no model package in " + directory);

    write("manifest.json", manifest("small", "{}", "package"));
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> ModelPackage.open(directory))
        .withMessageStartingWith("file t.json is missing");

    write("t.json", "{");
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> ModelPackage.open(directory))
        .withMessage("file t.json has 1 bytes, expected 2");

    write("t.json", "[]");
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> ModelPackage.open(directory))
        .withMessageStartingWith("file t.json has SHA-256 4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d")
        .withMessageContaining(
            "expected 44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61ca");

    write("manifest.json", " ".repeat(Manifest.MAX_BYTES + 1));
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> ModelPackage.open(directory))
        .withMessageContaining("too large");
  }

  @Test
  void opensFoldersOnTheClassPath() throws IOException {
    write("META-INF/vec2text/models", "models/one\n\n models/two \r\n");
    write("models/one/manifest.json", manifest("one", "{}", "package"));
    write("models/one/t.json", "{}");
    write("models/two/manifest.json", manifest("two", "[]", "classpath"));
    write("t.json", "[]");

    ModelPackage one = ModelPackage.onClassPath("org/one", null, classPath());
    ModelPackage two = ModelPackage.onClassPath("two", null, classPath());

    assertThat(one.file("t.json")).hasContent("{}");
    assertThat(two.file("t.json")).hasContent("[]");
    assertThat(ModelPackage.onClassPath("one", null, classPath()).file("t.json"))
        .isEqualTo(one.file("t.json"));

    // The cache holds what this manifest had, but not what it has now.
    write("models/one/manifest.json", manifest("one", "{1}", "package"));
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> ModelPackage.onClassPath("one", null, classPath()))
        .withMessage("file t.json has 2 bytes, expected 3");
  }

  @Test
  void refusesAnIndexThatLeadsAstray() throws IOException {
    write("META-INF/vec2text/models", "models/none\n");
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> ModelPackage.onClassPath("none", null, classPath()))
        .withMessageContaining("names models/none/manifest.json, which is missing");

    write("META-INF/vec2text/models", "../models\n");
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> ModelPackage.onClassPath("none", null, classPath()))
        .withMessageContaining("names \"../models\"");
  }
}
