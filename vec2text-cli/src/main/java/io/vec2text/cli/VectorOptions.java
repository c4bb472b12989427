package io.vec2text.cli;

import static java.util.Objects.requireNonNull;

import io.vec2text.Cancellation;
import io.vec2text.EmbeddingSpace;
import io.vec2text.sources.Format;
import io.vec2text.sources.ReadOptions;
import io.vec2text.sources.VectorFiles;
import io.vec2text.sources.VectorReader;
import io.vec2text.sources.store.StoreOptions;
import io.vec2text.sources.store.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Where vectors come from, and how they are read. */
final class VectorOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "<vectors>",
      converter = VectorInput.Parser.class,
      description =
          "A file of vectors, or - for standard input: npy, npz, JSON, JSON lines, CSV and other"
              + " tables, also compressed; the format is detected from its content. Or the location"
              + " of a store: jdbc:…, qdrant+https://host/collection, or chroma, elasticsearch,"
              + " opensearch, weaviate, milvus or pinecone alike.")
  private @Nullable VectorInput file;

  @Option(
      names = "--input",
      paramLabel = "<vectors>",
      converter = VectorInput.Parser.class,
      description = "The same, as an option.")
  private @Nullable VectorInput input;

  @Mixin private StoreFlags store;

  @Option(
      names = "--vector",
      paramLabel = "<field>",
      description =
          "The field or column that holds the vectors; dots go into objects, as in vectors.dense."
              + " Default: the one whose arrays have the model's dimension.")
  private @Nullable String vectorField;

  @Option(
      names = "--id",
      paramLabel = "<field>",
      description = "The field or column that holds the ids. Default: one whose name says so.")
  private @Nullable String idField;

  @Option(
      names = "--format",
      paramLabel = "<format>",
      description = "npy, npz, json, csv, fvecs or faiss. Default: detected from the content.")
  private @Nullable Format format;

  @Option(
      names = "--scale",
      paramLabel = "<x>",
      description = "Multiply every component by x. Default: 1.")
  private @Nullable Double scale;

  @Option(
      names = "--truncated",
      paramLabel = "<n>",
      description = "Only the first n components of the vectors are left.")
  private @Nullable Integer truncated;

  /** As long as it is not known, null. */
  private @Nullable String whyNotResumable;

  /**
   * Checks the ranges.
   *
   * @param texts whether texts are given in place of vectors
   */
  void check(boolean texts) {
    int given = (file == null ? 0 : 1) + (input == null ? 0 : 1) + (texts ? 1 : 0);
    require(
        given > 0,
        "expected a file of vectors (or - for standard input), --input=<vectors> or --text=<text>");
    require(given == 1, "a file of vectors, --input and --text are mutually exclusive");
    require(
        !texts || (vectorField == null && idField == null && format == null),
        "--vector, --id and --format say how a file is read, there is none with --text");
    boolean isStore = !texts && source().isStore();
    require(!isStore || format == null, "--format says how a file is read, the input is a store");
    store.check(isStore);
    require(
        scale == null || (scale != 0 && Double.isFinite(scale)),
        "--scale must be a number other than 0, was " + scale);
    require(truncated == null || truncated > 0, "--truncated must be at least 1, was " + truncated);
  }

  private void require(boolean condition, String message) {
    Problems.require(spec, condition, message);
  }

  private VectorInput source() {
    return requireNonNull(file == null ? input : file);
  }

  /** The file; empty for standard input and stores. */
  private Optional<Path> path() {
    return source().file();
  }

  /** What to call it. */
  String name() {
    if (source().isStore()) {
      return Stores.name(source().text());
    }
    return path().map(Path::toString).orElse("standard input");
  }

  /** Adds what is read. */
  void addTo(Inputs inputs) {
    if (source().isStore()) {
      inputs.file(source().readFile().orElse(null));
      store.addTo(inputs);
    } else {
      inputs.file(path().orElse(Path.of("/dev/stdin")));
    }
  }

  /** The components that are left of each vector, if that was said. */
  OptionalInt truncated() {
    return truncated == null ? OptionalInt.empty() : OptionalInt.of(truncated);
  }

  /**
   * Opens the file or the store.
   *
   * @param context holds standard input, and the cancellation that ends waiting for a store
   * @param space the space that vectors are to come from, if it is known
   */
  VectorReader open(Context context, Optional<EmbeddingSpace> space) throws IOException {
    return open(context, space, List.of());
  }

  /**
   * The same with metadata.
   *
   * @param metadata fields that rows are to bring along
   */
  VectorReader open(Context context, Optional<EmbeddingSpace> space, List<String> metadata)
      throws IOException {
    if (source().isStore()) {
      StoreOptions options =
          store.options(reading(space).build(), metadata, context.cancellation());
      return Stores.source(source().text(), options).open();
    }
    ReadOptions options = reading(space).metadata(metadata).build();
    return path().isPresent()
        ? VectorFiles.open(path().get(), options)
        : VectorFiles.open(context.in(), name(), options);
  }

  private ReadOptions.Builder reading(Optional<EmbeddingSpace> space) {
    ReadOptions.Builder options = ReadOptions.builder();
    // Of truncated vectors nobody knows whether they were filled up again.
    if (space.isPresent() && truncated == null) {
      options.dimension(space.get().dimension());
    }
    if (vectorField != null) {
      options.vectorField(vectorField);
    }
    if (idField != null) {
      options.idField(idField);
    }
    if (format != null) {
      options.format(format);
    }
    if (scale != null) {
      options.scale(scale);
    }
    return options;
  }

  /** Why a later run can't go on where one was stopped; empty if it can. */
  Optional<String> whyNotResumable() throws IOException {
    String known = whyNotResumable;
    if (known == null) {
      known = findWhyNotResumable().orElse("");
      whyNotResumable = known;
    }
    return known.isEmpty() ? Optional.empty() : Optional.of(known);
  }

  private Optional<String> findWhyNotResumable() throws IOException {
    if (source().isStore()) {
      StoreOptions options =
          store.options(reading(Optional.empty()).build(), List.of(), new Cancellation());
      return Stores.source(source().text(), options).isOrdered()
          ? Optional.empty()
          : Optional.of(
              "needs records in an order that lasts: name a unique field of a search engine with"
                  + " --id, or give the --query an ORDER BY; Redis has none");
    }
    boolean lasts =
        path()
            .filter(p -> Files.isRegularFile(p) || Files.isDirectory(p) || !Files.exists(p))
            .isPresent();
    return lasts
        ? Optional.empty()
        : Optional.of("needs a file that can be read again; save " + name() + " to one");
  }

  /** What results depend on of all this. */
  Fingerprint fingerprint() throws IOException {
    Fingerprint fingerprint = Fingerprint.none();
    if (source().isStore()) {
      fingerprint = store.addTo(fingerprint.with("store", source().text()));
    } else if (whyNotResumable().isEmpty()) {
      fingerprint = Fingerprint.of(path().orElseThrow());
    }
    return fingerprint
        .with("vector", vectorField == null ? "none" : vectorField)
        .with("id", idField == null ? "none" : idField)
        .with("readAs", format == null ? "none" : format)
        .with("scale", scale == null ? "none" : scale)
        .with("truncated", truncated == null ? "none" : truncated);
  }
}
