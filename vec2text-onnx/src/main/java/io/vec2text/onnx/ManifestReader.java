package io.vec2text.onnx;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Lists;
import com.google.common.primitives.ImmutableIntArray;
import io.vec2text.EmbeddingSpace;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads manifests, field by field, so that each error can name its field. */
final class ManifestReader {
  private static final Pattern SYMBOL = Pattern.compile("[A-Za-z_][A-Za-z0-9_ +*-]{0,63}");
  private static final Set<String> TYPES =
      new TreeSet<>(
          Set.of(
              "float16",
              "bfloat16",
              "float32",
              "float64",
              "int8",
              "uint8",
              "int16",
              "int32",
              "int64",
              "bool"));
  private static final int MAX = Integer.MAX_VALUE;

  private final String source;

  private ManifestReader(String source) {
    this.source = source;
  }

  static Manifest read(byte[] json, String source) {
    JsonNode root;
    try {
      root = JsonTree.read(json);
    } catch (JsonProcessingException e) {
      throw new ModelFormatException(source + " is not valid JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new ModelFormatException("can't read " + source, e);
    }
    return new ManifestReader(source).manifest(root);
  }

  private Manifest manifest(JsonNode root) {
    if (!root.isObject()) {
      throw new ModelFormatException(
          source + " holds " + JsonFields.describe(root) + ", expected an object");
    }
    JsonFields fields = new JsonFields(source, root);
    int format = fields.integer("format", 1, MAX);
    if (format != Manifest.FORMAT) {
      throw new ModelFormatException(
          source + " has format " + format + ", expected " + Manifest.FORMAT);
    }
    ImmutableMap<String, Manifest.File> files =
        fields.map(
            "files",
            (name, file) -> {
              fields.checkName("files", name);
              return file(file);
            });
    return new Manifest(
        fields.text("name"),
        space(fields.object("space")),
        fields.has("embedder") ? embedder(fields.object("embedder"), files) : null,
        files,
        fields.has("graphs") && !fields.get("graphs").isEmpty() ? inversion(fields, files) : null,
        fields.has("bridge") ? bridge(fields.object("bridge"), files) : null,
        fields.has("training") ? fields.object("training").freeForm() : Map.of(),
        fields.text("licence"));
  }

  private EmbeddingSpace space(JsonFields fields) {
    String pooling = fields.text("pooling");
    return new EmbeddingSpace(
        fields.text("modelId"),
        fields.text("variant"),
        fields.integer("dimension", 1, 1 << 20),
        switch (pooling.toLowerCase(Locale.ROOT)) {
          case "mean" -> EmbeddingSpace.Pooling.MEAN;
          case "cls" -> EmbeddingSpace.Pooling.CLS;
          case "unknown" -> EmbeddingSpace.Pooling.UNKNOWN;
          default -> throw fields.wrong("pooling", '"' + pooling + '"', "mean, cls or unknown");
        },
        fields.bool("normalized"),
        fields.text("prefix"),
        fields.integer("tokenLimit", 1, MAX));
  }

  private Manifest.Embedder embedder(JsonFields fields, Map<String, Manifest.File> files) {
    ImmutableList.Builder<String> inputs = ImmutableList.builder();
    for (JsonNode input : fields.array("inputs")) {
      if (!input.isTextual()) {
        throw fields.wrong("inputs", JsonFields.describe(input), "names of tensors");
      }
      inputs.add(input.textValue());
    }
    return new Manifest.Embedder(
        fields.file("graph", files),
        tokenizer(fields, files),
        inputs.build(),
        fields.text("output"),
        fields.has("dynamicallyQuantized") && fields.bool("dynamicallyQuantized"));
  }

  private static String tokenizer(JsonFields fields, Map<String, Manifest.File> files) {
    String name = fields.file("tokenizer", files);
    Manifest.File file = files.get(name);
    if (file != null && file.bytes() > TokenizerJson.MAX_BYTES) {
      throw TokenizerJson.tooLarge(name, file.bytes());
    }
    return name;
  }

  private Manifest.File file(JsonFields fields) {
    String sha256 = fields.sha256("sha256");
    String from = fields.text("source");
    boolean onClassPath =
        switch (from) {
          case "package" -> false;
          case "classpath" -> true;
          default -> throw fields.wrong("source", '"' + from + '"', "package or classpath");
        };
    return new Manifest.File(sha256, fields.integer("bytes", 0, Long.MAX_VALUE), onClassPath);
  }

  private static Manifest.Bridge bridge(JsonFields fields, Map<String, Manifest.File> files) {
    return new Manifest.Bridge(
        fields.text("base"),
        fields.sha256("graph"),
        fields.file("map", files),
        fields.file("wordVectors", files),
        fields.file("vectorStatistics", files));
  }

  private Manifest.Inversion inversion(JsonFields fields, Map<String, Manifest.File> files) {
    Manifest.Kind kind = kind(fields);
    boolean own = kind == Manifest.Kind.SMALL;
    boolean foreign = kind == Manifest.Kind.T5;
    return new Manifest.Inversion(
        kind,
        fields.map("graphs", (role, graph) -> graph(graph, files)),
        tokens(fields.object("tokens")),
        range(fields.object("range")),
        own ? rising("lengthClasses", fields) : ImmutableIntArray.of(),
        decoder(fields.object("decoder")),
        foreign || (own && fields.has("text")) ? text(fields.object("text"), files) : null,
        own && fields.has("trigrams") ? fields.file("trigrams", files) : null,
        own && fields.has("wordVectors") ? fields.file("wordVectors", files) : null,
        fields.has("vectorStatistics") ? fields.file("vectorStatistics", files) : null);
  }

  private static Manifest.Kind kind(JsonFields fields) {
    if (!fields.has("kind")) {
      return Manifest.Kind.SMALL;
    }
    String found = fields.text("kind");
    for (Manifest.Kind kind : Manifest.Kind.values()) {
      if (kind.label().equals(found)) {
        return kind;
      }
    }
    throw fields.wrong(
        "kind",
        '"' + found + '"',
        "one of " + Lists.transform(List.of(Manifest.Kind.values()), Manifest.Kind::label));
  }

  private static Manifest.Text text(JsonFields fields, Map<String, Manifest.File> files) {
    return new Manifest.Text(
        tokenizer(fields, files), rising("skipped", fields), fields.bool("cleanUpSpaces"));
  }

  private static ImmutableIntArray rising(String field, JsonFields fields) {
    ImmutableIntArray.Builder numbers = ImmutableIntArray.builder();
    int last = -1;
    for (JsonNode number : fields.array(field)) {
      if (!number.isInt() || number.intValue() <= last) {
        throw fields.wrong(field, JsonFields.describe(number), "rising whole numbers from 0");
      }
      last = number.intValue();
      numbers.add(last);
    }
    return numbers.build();
  }

  private Manifest.Graph graph(JsonFields fields, Map<String, Manifest.File> files) {
    return new Manifest.Graph(
        fields.file("file", files),
        fields.map("inputs", (name, tensor) -> tensor(tensor)),
        fields.map("outputs", (name, tensor) -> tensor(tensor)));
  }

  private Manifest.Tensor tensor(JsonFields fields) {
    String type = fields.text("type");
    if (!TYPES.contains(type)) {
      throw fields.wrong("type", '"' + type + '"', "one of " + TYPES);
    }
    ImmutableList.Builder<String> shape = ImmutableList.builder();
    for (JsonNode size : fields.array("shape")) {
      boolean number = size.isInt() && size.intValue() >= 0;
      if (!number && !(size.isTextual() && SYMBOL.matcher(size.textValue()).matches())) {
        throw fields.wrong("shape", JsonFields.describe(size), "sizes and names of dimensions");
      }
      shape.add(size.asText());
    }
    return new Manifest.Tensor(type, shape.build());
  }

  private Manifest.Tokens tokens(JsonFields fields) {
    int vocabulary = fields.integer("vocabulary", 1, MAX);
    return new Manifest.Tokens(
        fields.integer("cls", 0, vocabulary - 1),
        fields.integer("sep", 0, vocabulary - 1),
        fields.integer("pad", 0, vocabulary - 1),
        fields.integer("firstWord", 0, vocabulary - 1),
        vocabulary);
  }

  private Manifest.Range range(JsonFields fields) {
    int minTokens = fields.integer("minTokens", 1, MAX);
    int maxTokens = fields.integer("maxTokens", minTokens, MAX);
    return new Manifest.Range(minTokens, maxTokens, fields.integer("maxDecode", maxTokens, MAX));
  }

  private Manifest.Decoder decoder(JsonFields fields) {
    return new Manifest.Decoder(
        fields.integer("layers", 1, MAX),
        fields.integer("heads", 1, MAX),
        fields.integer("headWidth", 1, MAX));
  }
}
