package io.vec2text.sources;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.vec2text.sources.internal.Limits;
import io.vec2text.sources.internal.Names;
import io.vec2text.sources.internal.OneLine;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/** Reads an array of an npz archive, and its ids from another one. */
final class NpzReader implements VectorReader {
  static final int[] MAGIC = {'P', 'K', 3, 4};

  private final VectorReader vectors;
  private final @Nullable NpyTexts ids;
  private final String description;

  private NpzReader(VectorReader vectors, @Nullable NpyTexts ids, String description) {
    this.vectors = vectors;
    this.ids = ids;
    this.description = description;
  }

  /** An array of the archive. */
  private record Entry(String file, NpyDict dict) {
    String name() {
      return file.substring(0, file.length() - ".npy".length());
    }

    boolean isOf(long dimension) {
      List<Long> shape = dict.shape();
      return dict.descr() != null
          && !shape.isEmpty()
          && (shape.get(shape.size() - 1) == dimension
              || (shape.size() == 2 && shape.get(0) == dimension));
    }

    double size() {
      return dict.shape().stream().mapToDouble(n -> n).reduce(1, (a, b) -> a * b);
    }
  }

  static VectorReader open(Source source, ReadOptions options) throws IOException {
    String name = source.name();
    List<Entry> entries = entries(source);
    Entry chosen = choose(entries, options, name);
    Optional<Entry> idsEntry = ids(entries, chosen, options, name);
    InputStream in = entry(source, chosen.file());
    VectorReader vectors =
        NpyReader.open(in, name + " (" + chosen.file() + ")", options, OptionalLong.empty());
    boolean opened = false;
    try {
      NpyTexts ids =
          idsEntry.isPresent() ? NpyTexts.open(entry(source, idsEntry.get().file()), name) : null;
      opened = true;
      String note = vectors.description().isEmpty() ? "" : ", " + vectors.description();
      return new NpzReader(
          vectors,
          ids,
          "vectors from array `%s`%s%s"
              .formatted(
                  chosen.name(),
                  idsEntry.map(e -> ", ids from `" + e.name() + "`").orElse(""),
                  note));
    } finally {
      if (!opened) {
        vectors.close();
      }
    }
  }

  private static Entry choose(List<Entry> entries, ReadOptions options, String name)
      throws VectorFileException {
    List<String> names = entries.stream().map(e -> "`" + e.name() + "`").toList();
    if (options.vectorField().isPresent()) {
      String field = options.vectorField().get();
      return entries.stream()
          .filter(e -> e.name().equals(field))
          .findFirst()
          .orElseThrow(
              () ->
                  new VectorFileException(
                      name, "has no array `" + field + "`, it has " + String.join(", ", names)));
    }
    List<Entry> numbers = entries.stream().filter(e -> isNumbers(e.dict())).toList();
    if (numbers.isEmpty()) {
      // The first one's refusal says how to go on.
      return entries.get(0);
    }
    if (options.dimension().isPresent()) {
      List<Entry> fitting =
          numbers.stream().filter(e -> e.isOf(options.dimension().getAsInt())).toList();
      if (fitting.size() > 1) {
        List<String> several = fitting.stream().map(Entry::name).toList();
        Optional<String> usual = Names.usual(several);
        if (usual.isEmpty()) {
          throw new VectorFileException(
              name,
              "has several arrays of dimension %d, `%s`: choose one with --vector"
                  .formatted(options.dimension().getAsInt(), String.join("`, `", several)));
        }
        return fitting.get(several.indexOf(usual.get()));
      }
      if (fitting.size() == 1) {
        return fitting.get(0);
      }
    }
    Entry largest = numbers.get(0);
    for (Entry e : numbers) {
      largest = e.size() > largest.size() ? e : largest;
    }
    return largest;
  }

  private static boolean isNumbers(NpyDict dict) {
    String descr = dict.descr();
    return descr != null && descr.length() > 1 && NpyType.of(descr.substring(1)) != null;
  }

  private static Optional<Entry> ids(
      List<Entry> entries, Entry vectors, ReadOptions options, String name)
      throws VectorFileException {
    List<Entry> fitting = new ArrayList<>();
    for (Entry e : entries) {
      List<Long> shape = e.dict().shape();
      if (!e.equals(vectors)
          && shape.size() == 1
          && shape
              .get(0)
              .equals(vectors.dict().shape().isEmpty() ? null : vectors.dict().shape().get(0))
          && NpyTexts.canRead(e.dict())) {
        fitting.add(e);
      }
    }
    List<String> names = fitting.stream().map(Entry::name).toList();
    Optional<String> id =
        options.idField().isPresent() ? options.idField().filter(names::contains) : Names.id(names);
    if (options.idField().isPresent() && id.isEmpty()) {
      throw new VectorFileException(
          name, "has no array `%s` of one id a vector".formatted(options.idField().get()));
    }
    return id.map(field -> fitting.get(names.indexOf(field)));
  }

  private static List<Entry> entries(Source source) throws IOException {
    List<Entry> entries = new ArrayList<>();
    List<String> others = new ArrayList<>();
    try (ZipInputStream zip = new ZipInputStream(source.open(), ISO_8859_1)) {
      for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
        if (entries.size() + others.size() == Limits.MAX_PATHS) {
          throw new VectorFileException(
              source.name(), "holds more than " + Limits.MAX_PATHS + " files");
        }
        if (e.getName().toLowerCase(Locale.ROOT).endsWith(".npy")) {
          String entry = source.name() + " (" + e.getName() + ")";
          entries.add(new Entry(e.getName(), NpyHeader.read(zip, entry).dict()));
        } else {
          others.add(e.getName());
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      if (entries.isEmpty()) {
        throw broken(source.name(), e);
      }
      // The arrays before may be all that is needed.
    }
    if (entries.isEmpty()) {
      throw new VectorFileException(source.name(), Foreign.archive(others));
    }
    return entries;
  }

  private static InputStream entry(Source source, String file) throws IOException {
    ZipInputStream zip = new ZipInputStream(source.open(), ISO_8859_1);
    boolean opened = false;
    try {
      for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
        if (e.getName().equals(file)) {
          opened = true;
          return new DecodedStream(zip, problem -> broken(source.name(), problem));
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw broken(source.name(), e);
    } finally {
      if (!opened) {
        zip.close();
      }
    }
    throw new VectorFileException(source.name(), "has lost its entry " + file);
  }

  private static VectorFileException broken(String name, Exception e) {
    return e instanceof VectorFileException known
        ? known
        : new VectorFileException(
            name,
            "is a broken zip archive: " + OneLine.reason(e) + "; save it again by np.savez",
            e);
  }

  @Override
  public OptionalLong rows() {
    return vectors.rows();
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public @Nullable Row next() throws IOException {
    Row row = vectors.next();
    Optional<String> id = row == null || ids == null ? Optional.empty() : ids.next();
    if (row == null || id.isEmpty()) {
      return row;
    }
    Place place = row.place().withId(id.get());
    return row instanceof Row.Vector vector
        ? new Row.Vector(vector.values(), place)
        : new Row.Malformed(((Row.Malformed) row).problem(), place);
  }

  @Override
  public void close() throws IOException {
    try (NpyTexts closed = ids) {
      vectors.close();
    }
  }
}
