package io.vec2text.openai;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vec2text.EmbeddingSpace;
import io.vec2text.Vec2TextException;
import io.vec2text.testing.ToyEmbedder;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheTest {
  private static final List<String> TEXTS = List.of("the old king", "a dog", "rain", "snow");

  @TempDir Path temporary;
  private Path folder;
  private final FakeEndpoint endpoint = new FakeEndpoint();

  @BeforeEach
  void name() {
    folder = temporary.resolve("a").resolve("b");
  }

  @AfterEach
  void stop() {
    endpoint.close();
  }

  private OpenAiEmbedderBuilder builder() {
    return Embedders.of(endpoint).cache(folder).maxTextsPerRequest(2).retries(0);
  }

  private Usage embed(OpenAiEmbedderBuilder builder, List<String> texts) {
    try (OpenAiEmbedder embedder = builder.open()) {
      embedder.embed(texts);
      return embedder.usage();
    }
  }

  private List<Path> entries() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void aSecondRunSendsNoRequestAndHasTheSameVectors() {
    float[][] first;
    try (OpenAiEmbedder embedder = builder().open()) {
      first = embedder.embed(TEXTS);
    }
    try (OpenAiEmbedder embedder = builder().open()) {
      assertThat(embedder.embed(TEXTS)).isDeepEqualTo(first);
      assertThat(embedder.usage()).isEqualTo(new Usage(0, 0, 0, 0, 4));
    }
    assertThat(endpoint.requests()).hasSize(2);
  }

  @Test
  void afterABrokenRunOnlyWhatIsMissingIsSent() {
    endpoint.then(
        (request, exchange) -> FakeEndpoint.json(exchange, 200, endpoint.answer(request)),
        endpoint.cut());
    assertThatExceptionOfType(EndpointException.class).isThrownBy(() -> embed(builder(), TEXTS));
    assertThat(embed(builder(), TEXTS)).isEqualTo(new Usage(1, 2, 2, 2 / 1e6, 2));
    assertThat(endpoint.requests().get(2).texts()).containsExactly("rain", "snow");
  }

  @Test
  void anotherModelEndpointOrDimensionIsNotMistakenForThis() {
    embed(builder(), TEXTS);
    assertThat(embed(builder().model("other"), TEXTS).cacheHits()).isZero();
    assertThat(embed(builder().sendDimensions(true), TEXTS).cacheHits()).isZero();
    assertThat(
            embed(builder().baseUrl(endpoint.url().replace("localhost", "127.0.0.1")), TEXTS)
                .cacheHits())
        .isZero();
    EmbeddingSpace prefixed =
        new EmbeddingSpace(
            "toy", "", ToyEmbedder.DIMENSION, EmbeddingSpace.Pooling.MEAN, true, "cold ", 64);
    OpenAiEmbedderBuilder otherPrefix =
        OpenAiEmbedder.builder(prefixed)
            .baseUrl(endpoint.url())
            .withoutKey()
            .pricePerMillionTokens(0)
            .spendingCap(0)
            .cache(folder);
    assertThat(embed(otherPrefix, TEXTS).cacheHits()).isZero();
    assertThat(embed(builder(), List.of("cold rain", "snow")).cacheHits()).isEqualTo(2);
  }

  @Test
  void damagedEntriesAreFetchedAgain() throws IOException {
    embed(builder(), TEXTS);
    List<Path> entries = entries();
    assertThat(entries).hasSize(4);
    byte[] flipped = Files.readAllBytes(entries.get(0));
    flipped[17] ^= 1;
    Files.write(entries.get(0), flipped);
    Files.write(entries.get(1), Arrays.copyOf(Files.readAllBytes(entries.get(1)), 100));
    Files.write(entries.get(2), new byte[0]);
    // A whole entry, but of another text.
    Files.copy(entries.get(3), entries.get(2), StandardCopyOption.REPLACE_EXISTING);

    Usage usage = embed(builder(), TEXTS);
    assertThat(usage.cacheHits()).isEqualTo(1);
    assertThat(usage.texts()).isEqualTo(3);
    assertThat(embed(builder(), TEXTS).cacheHits()).isEqualTo(4);
  }

  @Test
  void onlyTheOwnerMayReadTheCache() throws IOException {
    Assumptions.assumeTrue(
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix"),
        "no POSIX permissions here");
    embed(builder(), TEXTS);
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
            .as(path.toString())
            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
      }
    }
  }

  @Test
  void aFolderThatBecameOpenToOthersIsClosedAgain() throws IOException {
    Assumptions.assumeTrue(
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix"),
        "no POSIX permissions here");
    embed(builder(), TEXTS);
    Path inner = entries().get(0).getParent();
    Files.setPosixFilePermissions(inner, PosixFilePermissions.fromString("rwxr-xr-x"));
    builder().open().close();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(inner)))
        .isEqualTo("rwx------");
  }

  @Test
  void theCacheHoldsNoTexts() throws IOException {
    embed(builder(), TEXTS);
    for (Path entry : entries()) {
      assertThat(entry.toString() + Files.readString(entry, ISO_8859_1))
          .doesNotContain("king", "dog", "rain", "snow");
      assertThat(Files.size(entry)).isEqualTo(4 * (ToyEmbedder.DIMENSION + 1));
    }
  }

  @Test
  void theFolderMayBeALink() throws IOException {
    Assumptions.assumeTrue(
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix"),
        "links need no privilege on POSIX systems only");
    Files.createDirectories(folder);
    Path link = Files.createSymbolicLink(temporary.resolve("link"), folder);
    embed(builder().cache(link), TEXTS);
    assertThat(embed(builder(), TEXTS).cacheHits()).isEqualTo(4);
  }

  @Test
  void aCacheThatCantBeUsedIsAnError() throws IOException {
    Files.createDirectories(folder.getParent());
    Files.createFile(folder);
    assertThatExceptionOfType(Vec2TextException.class)
        .isThrownBy(() -> builder().open())
        .withMessageStartingWith("can't use " + folder + " as a cache");
  }
}
