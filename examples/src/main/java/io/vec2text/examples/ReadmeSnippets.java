package io.vec2text.examples;

import dev.langchain4j.model.embedding.EmbeddingModel;
import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.Outcome;
import io.vec2text.audit.Audit;
import io.vec2text.audit.AuditReport;
import io.vec2text.audit.report.Rendering;
import io.vec2text.audit.report.Reports;
import io.vec2text.langchain4j.Langchain4jEmbedder;
import io.vec2text.lm.CausalModel;
import io.vec2text.lm.LanguageModelPackage;
import io.vec2text.lm.NextTokenDistribution;
import io.vec2text.lm.PromptEmbedder;
import io.vec2text.lm.RecoveredState;
import io.vec2text.lm.StateRecovery;
import io.vec2text.lm.server.Capabilities;
import io.vec2text.lm.server.ModelServer;
import io.vec2text.onnx.Device;
import io.vec2text.onnx.SpaceCreator;
import io.vec2text.onnx.Vec2Text;
import io.vec2text.openai.OpenAiEmbedder;
import io.vec2text.sources.ReadOptions;
import io.vec2text.sources.Row;
import io.vec2text.sources.VectorFiles;
import io.vec2text.sources.VectorReader;
import io.vec2text.sources.VectorSource;
import io.vec2text.sources.store.Credentials;
import io.vec2text.sources.store.StoreOptions;
import io.vec2text.sources.store.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The pieces of code of the documents, so that they compile; a test compares them. */
final class ReadmeSnippets {
  private ReadmeSnippets() {}

  /** README.md. */
  static void invert(float[] vector) {
    try (Vec2Text inverter = Vec2Text.open("sentence-transformers/all-MiniLM-L6-v2")) {
      InversionResult result = inverter.invert(vector); // float[384]
      System.out.println(result.verdict() + "  " + result.text());
    }
  }

  /** docs/getting-started.md. */
  static void invertAll(Vec2Text inverter, List<float[]> vectors) {
    InversionOptions options = InversionOptions.builder().maxEmbeddings(1800).build();
    for (Outcome outcome : inverter.invertAll(vectors, options)) {
      outcome.result().ifPresent(found -> System.out.println(found.text()));
      outcome.error().ifPresent(error -> System.out.println(error.getMessage()));
    }
  }

  /** docs/embedders.md. */
  static void embed(List<String> texts) {
    try (OpenAiEmbedder embedder =
        OpenAiEmbedder.builder(EmbeddingSpace.of("text-embedding-3-small", 1536))
            .baseUrl("https://api.openai.com/v1") // the default; the key: OPENAI_API_KEY
            .pricePerMillionTokens(0.02)
            .spendingCap(1.00) // price, cap and cache have no defaults
            .cache(Path.of("embeddings"))
            .open()) {
      float[][] vectors = embedder.embed(texts);
      System.out.println(vectors.length + " vectors: " + embedder.usage()); // tokens, money, …
    }
  }

  /** docs/embedders.md. */
  static void create(EmbeddingSpace space) throws IOException {
    SpaceCreator.of(Path.of("model.onnx"), Path.of("tokenizer.json"), space)
        .create(Path.of("my-space"));
  }

  /** docs/embedders.md. */
  static void langchain4j(EmbeddingModel model, float[] vector) throws IOException {
    Embedder embedder = Langchain4jEmbedder.of(model, "my-model"); // or SpringAiEmbedder.of
    SpaceCreator.of(embedder).create(Path.of("my-space")); // once
    try (Vec2Text inverter =
        Vec2Text.builder().model(Path.of("my-space")).embedder(embedder).open()) {
      System.out.println(inverter.invert(vector).text());
    }
  }

  /** docs/vector-files.md. */
  static void read(Path file) throws IOException {
    try (VectorReader reader =
        VectorFiles.open(file, ReadOptions.builder().dimension(384).build())) {
      for (Row row = reader.next(); row != null; row = reader.next()) {
        if (row instanceof Row.Vector vector) {
          use(vector.values(), vector.place().id());
        }
      }
    }
  }

  /** docs/stores.md. */
  static void store(Optional<String> cursor) throws IOException {
    VectorSource source =
        Stores.source(
            "qdrant+https://qdrant.example:6333/documents",
            StoreOptions.builder()
                .credentials(Credentials.ofVariable("QDRANT_API_KEY"))
                .metadata(List.of("tenant"))
                .build());
    try (VectorReader reader = source.open(cursor)) { // Optional.empty() at first
      for (Row row = reader.next(); row != null; row = reader.next()) {
        if (row instanceof Row.Vector vector) {
          use(vector.values(), vector.place().id(), vector.metadata().get("tenant"));
        }
        save(reader.cursor()); // where a later reader goes on
      }
    }
  }

  /** docs/audit.md. */
  static void audit() throws IOException {
    try (Vec2Text inverter = Vec2Text.open("sentence-transformers/all-MiniLM-L6-v2");
        VectorReader vectors = VectorFiles.open(Path.of("export.jsonl"), ReadOptions.defaults())) {
      AuditReport report = Audit.builder(inverter).sample(200).build().run(vectors);
      Files.writeString(Path.of("report.html"), Reports.html(report, Rendering.REDACTED));
    }
  }

  /** docs/language-models.md. */
  static void recover() {
    LanguageModelPackage files = LanguageModelPackage.open(Path.of("smollm2"));
    try (PromptEmbedder model = new PromptEmbedder(CausalModel.open(files, Device.CPU, 0))) {
      NextTokenDistribution seen = model.model().distribution("What is the capital of France?");
      RecoveredState state = new StateRecovery(files).recover(seen.top(100).rounded(2));
      System.out.println(state); // how certain it is
    }
  }

  /** docs/language-models.md. */
  static void servers() throws IOException {
    try (ModelServer server = ModelServer.at("http://127.0.0.1:8080").maxCalls(50).open()) {
      Capabilities shown = server.examine("Hello");
      NextTokenDistribution seen = server.observe("Hello", shown).distribution();
      System.out.println(shown.best() + ": " + seen);
    }
  }

  private static void use(float[] vector, Object id) {
    System.out.println(id + ": " + vector.length + " components");
  }

  private static void use(float[] vector, Object id, @Nullable Object tenant) {
    System.out.println(id + " of " + tenant + ": " + vector.length + " components");
  }

  private static void save(Optional<String> cursor) {
    System.out.println(cursor);
  }
}
