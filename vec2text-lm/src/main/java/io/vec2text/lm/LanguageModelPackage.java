package io.vec2text.lm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import com.google.common.primitives.ImmutableIntArray;
import io.vec2text.onnx.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The package of a language model, as {@code lm-package} of the training code makes it: a graph,
 * the output matrix, statistics of its states, a tokenizer, and a manifest that names them with
 * their hashes. docs/language-models.md has the format.
 */
public final class LanguageModelPackage {
  private static final String MANIFEST = "manifest.json";
  private static final String FORMAT = "vec2text-language-model-1";
  private static final int MAX_MANIFEST = 1 << 20;
  private static final int MAX_WIDTH = 1 << 16;
  private static final int MAX_VOCABULARY = 1 << 24;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private final JsonNode manifest;
  private final String sha256;
  private final int width;
  private final int vocabulary;

  private LanguageModelPackage(Path directory, JsonNode manifest, String sha256) {
    this.directory = directory;
    this.manifest = manifest;
    this.sha256 = sha256;
    this.width = integer("width", MAX_WIDTH);
    this.vocabulary = integer("vocabulary", MAX_VOCABULARY);
  }

  /**
   * Opens a package and checks the hashes of its files.
   *
   * @throws ModelFormatException if the directory holds no package, or one that is damaged
   */
  public static LanguageModelPackage open(Path directory) {
    Path file = directory.resolve(MANIFEST);
    if (!Files.isRegularFile(file)) {
      throw new ModelFormatException(
          directory
              + " has no "
              + MANIFEST
              + ", expected the package of a language model, which lm-package of training/ makes");
    }
    try {
      if (Files.size(file) > MAX_MANIFEST) {
        throw new ModelFormatException(file + " is longer than any manifest");
      }
      byte[] bytes = Files.readAllBytes(file);
      JsonNode manifest = JSON.readTree(bytes);
      String format = manifest.path("format").asText();
      if (!format.equals(FORMAT)) {
        throw new ModelFormatException(
            String.format("%s has the format \"%s\", expected \"%s\"", file, format, FORMAT));
      }
      LanguageModelPackage opened =
          new LanguageModelPackage(
              directory, manifest, Hashing.sha256().hashBytes(bytes).toString());
      opened.verify();
      return opened;
    } catch (JsonProcessingException e) {
      throw new ModelFormatException(file + " is not valid JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new ModelFormatException("can't read " + file, e);
    }
  }

  private void verify() throws IOException {
    for (Map.Entry<String, JsonNode> listed : manifest.path("files").properties()) {
      Path file = file(listed.getKey());
      String expected = listed.getValue().path("sha256").asText();
      String found = MoreFiles.asByteSource(file).hash(Hashing.sha256()).toString();
      if (!found.equals(expected)) {
        throw new ModelFormatException(
            String.format("%s has the SHA-256 %s, expected %s", file, found, expected));
      }
    }
    for (String role : new String[] {"graph", "output", "statistics", "tokenizer"}) {
      if (!manifest.path("files").has(text(role))) {
        throw wrong(role, "the name of a file that is listed");
      }
    }
  }

  private Path file(String name) {
    Path file = directory.resolve(name);
    if (!directory.equals(file.getParent()) || !Files.isRegularFile(file)) {
      throw new ModelFormatException(file + " is missing or not a file of the package");
    }
    return file;
  }

  /** What the model is called, for example {@code HuggingFaceTB/SmolLM2-135M-Instruct}. */
  public String modelId() {
    return text("modelId");
  }

  /** Components of a state. */
  public int width() {
    return width;
  }

  /** Tokens of the vocabulary. */
  public int vocabulary() {
    return vocabulary;
  }

  /** Tokens that the model reads at most, the template's included. */
  int context() {
    return integer("context", Integer.MAX_VALUE);
  }

  /** What the chat template puts before a prompt; the graph has read it already. */
  String before() {
    return manifest.path("template").path("before").asText();
  }

  int beforeLength() {
    return manifest.path("template").path("beforeIds").size();
  }

  /** Tokens that the chat template puts after a prompt. */
  ImmutableIntArray after() {
    ImmutableIntArray.Builder ids = ImmutableIntArray.builder();
    manifest.path("template").path("afterIds").forEach(id -> ids.add(id.asInt()));
    ids.build()
        .forEach(
            id -> {
              if (id < 0 || id >= vocabulary) {
                throw wrong("template.afterIds", "ids below " + vocabulary);
              }
            });
    return ids.build();
  }

  /** SHA-256 of the manifest, which has those of the files. */
  public String sha256() {
    return sha256;
  }

  Path graph() {
    return file(text("graph"));
  }

  Path tokenizer() {
    return file(text("tokenizer"));
  }

  /** The matrix that makes scores of a state, float [vocabulary][width]. */
  OutputMatrix output() {
    return new OutputMatrix(floats("output", vocabulary, width));
  }

  /** Mean and covariance of the states after calibration prompts. */
  StateStatistics statistics() {
    float[][] rows = floats("statistics", 1 + width, width);
    return StateStatistics.of(rows);
  }

  private float[][] floats(String role, int rows, int columns) {
    Path file = file(text(role));
    try (FileChannel channel = FileChannel.open(file)) {
      long expected = (long) rows * columns * Float.BYTES;
      if (channel.size() != expected) {
        throw new ModelFormatException(
            String.format("%s has %d bytes, expected %d", file, channel.size(), expected));
      }
      float[][] floats = new float[rows][columns];
      ByteBuffer row = ByteBuffer.allocate(columns * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      for (float[] target : floats) {
        row.clear();
        while (row.hasRemaining()) {
          if (channel.read(row) < 0) {
            throw new ModelFormatException(file + " was cut off while it was read");
          }
        }
        row.flip().asFloatBuffer().get(target);
      }
      return floats;
    } catch (IOException e) {
      throw new ModelFormatException("can't read " + file, e);
    }
  }

  private String text(String field) {
    JsonNode node = manifest.path(field);
    if (!node.isTextual()) {
      throw wrong(field, "a text");
    }
    return node.asText();
  }

  private int integer(String field, int most) {
    JsonNode node = manifest.path(field);
    if (!node.isInt() || node.asInt() < 1 || node.asInt() > most) {
      throw wrong(field, "a number from 1 to " + most);
    }
    return node.asInt();
  }

  private ModelFormatException wrong(String field, String expected) {
    return new ModelFormatException(
        String.format(
            "%s: %s is %s, expected %s",
            directory.resolve(MANIFEST), field, manifest.path(field), expected));
  }

  /** The model and where it lies. */
  @Override
  public String toString() {
    return modelId() + " in " + directory;
  }
}
