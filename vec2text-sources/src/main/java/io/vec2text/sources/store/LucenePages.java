package io.vec2text.sources.store;

import com.google.common.primitives.Ints;
import io.vec2text.sources.Place;
import io.vec2text.sources.Row;
import io.vec2text.sources.internal.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.ByteVectorValues;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FieldInfos;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexNotFoundException;
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.VectorEncoding;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.Bits;
import org.jspecify.annotations.Nullable;

/**
 * An index of Lucene, as its last commit left it, in the order of its documents. A page's token is
 * the commit's version and the number of documents before it. A writer that goes on meanwhile
 * changes nothing for this reader.
 */
final class LucenePages implements Pages {
  private final String name;
  private final FSDirectory directory;
  private final DirectoryReader reader;
  private final StoreOptions options;
  private final String vector;
  private final Optional<String> id;
  private final Set<String> stored;

  private LucenePages(
      String name,
      FSDirectory directory,
      DirectoryReader reader,
      StoreOptions options,
      String vector,
      Optional<String> id) {
    this.name = name;
    this.directory = directory;
    this.reader = reader;
    this.options = options;
    this.vector = vector;
    this.id = id;
    stored = new LinkedHashSet<>(options.metadata());
    id.ifPresent(stored::add);
  }

  static LucenePages open(String name, Path folder, StoreOptions options) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new StoreException(name, "is no folder, expected one with an index of Lucene");
    }
    FSDirectory directory = FSDirectory.open(folder);
    DirectoryReader reader = null;
    try {
      reader = DirectoryReader.open(directory);
      if (reader.numDocs() == 0) {
        throw new StoreException(name, "is empty, expected documents with vectors");
      }
      String vector = VectorFields.choose(name, vectors(reader), options);
      Optional<String> id =
          options.reading().idField().isPresent() ? options.reading().idField() : id(reader);
      return new LucenePages(name, directory, reader, options, vector, id);
    } catch (IndexNotFoundException e) {
      throw closing(directory, reader, new StoreException(name, "holds no index of Lucene", e));
    } catch (IndexFormatTooNewException | IndexFormatTooOldException e) {
      throw closing(
          directory,
          reader,
          new StoreException(
              name,
              "was written by another version of Lucene than the lucene-core on the class path can"
                  + " read; an older one needs lucene-backward-codecs beside it",
              e));
    } catch (IOException | RuntimeException e) {
      throw closing(
          directory,
          reader,
          e instanceof StoreException said
              ? said
              : new StoreException(name, "can't be read: " + e.getMessage(), e));
    }
  }

  private static IOException closing(
      FSDirectory directory, @Nullable DirectoryReader reader, StoreException e)
      throws IOException {
    if (reader != null) {
      reader.close();
    }
    directory.close();
    return e;
  }

  private static Map<String, OptionalInt> vectors(DirectoryReader reader) {
    Map<String, OptionalInt> vectors = new LinkedHashMap<>();
    for (FieldInfo field : FieldInfos.getMergedFieldInfos(reader)) {
      if (field.hasVectorValues()) {
        vectors.put(field.name, OptionalInt.of(field.getVectorDimension()));
      }
    }
    return vectors;
  }

  /** The stored field of the first document whose name is most surely that of an id. */
  private static Optional<String> id(DirectoryReader reader) throws IOException {
    for (LeafReaderContext leaf : reader.leaves()) {
      Bits live = leaf.reader().getLiveDocs();
      for (int doc = 0; doc < leaf.reader().maxDoc(); doc++) {
        if (live == null || live.get(doc)) {
          return leaf.reader().storedFields().document(doc).getFields().stream()
              .filter(field -> text(field) != null && Names.idRank(field.name()) >= 0)
              .map(IndexableField::name)
              .min(Comparator.comparingInt(Names::idRank));
        }
      }
    }
    return Optional.empty();
  }

  private static @Nullable String text(IndexableField field) {
    Number number = field.numericValue();
    return number == null ? field.stringValue() : number.toString();
  }

  @Override
  public Page read(Optional<String> token) throws IOException {
    int at = token.isEmpty() ? 0 : documentsBefore(token.get());
    List<Row> rows = new ArrayList<>();
    while (at < reader.maxDoc() && rows.size() < options.pageSize()) {
      at = read(reader.leaves().get(leafOf(at)), at, rows);
    }
    return new Page(
        rows,
        at < reader.maxDoc() ? Optional.of(reader.getVersion() + "/" + at) : Optional.empty());
  }

  private int documentsBefore(String token) throws StoreException {
    int slash = token.indexOf('/');
    Integer documents = Ints.tryParse(token.substring(slash + 1));
    if (slash < 0 || documents == null || documents < 0) {
      throw new StoreException(name, "can't go on at what is no cursor of its reader");
    }
    if (!token.substring(0, slash).equals(Long.toString(reader.getVersion()))) {
      throw new StoreException(
          name, "was written to since, so that its documents have other numbers; start anew");
    }
    return documents;
  }

  private int leafOf(int document) {
    int leaf = 0;
    while (document >= reader.leaves().get(leaf).docBase + maxDoc(leaf)) {
      leaf++;
    }
    return leaf;
  }

  private int maxDoc(int leaf) {
    return reader.leaves().get(leaf).reader().maxDoc();
  }

  /** Reads documents of one segment, and returns the number of the one behind the last. */
  private int read(LeafReaderContext context, int from, List<Row> rows) throws IOException {
    LeafReader leaf = context.reader();
    Bits live = leaf.getLiveDocs();
    StoredFields fields = leaf.storedFields();
    Vectors vectors = vectors(leaf);
    int doc = from - context.docBase;
    for (; doc < leaf.maxDoc() && rows.size() < options.pageSize(); doc++) {
      if (live == null || live.get(doc)) {
        rows.add(row(context.docBase + doc, fields.document(doc, stored), vectors.at(doc)));
      }
    }
    return context.docBase + doc;
  }

  private Row row(int number, Document document, float @Nullable [] values) {
    String called = id.map(document::getField).map(LucenePages::text).orElse("" + number);
    Place place = Place.UNKNOWN.withId(called);
    if (values == null) {
      return new Row.Malformed("document " + called + " has no vector", place);
    }
    double scale = options.reading().scale().orElse(1);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (values[i] * scale);
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    for (String wanted : options.metadata()) {
      IndexableField field = document.getField(wanted);
      String value = field == null ? null : text(field);
      if (value != null) {
        metadata.put(wanted, value);
      }
    }
    return new Row.Vector(values, place, metadata);
  }

  /** The vectors of a segment, asked for in the order of its documents. */
  private interface Vectors {
    /** A copy of the vector of a document; null if it has none. */
    float @Nullable [] at(int doc) throws IOException;
  }

  private Vectors vectors(LeafReader leaf) throws IOException {
    FieldInfo field = leaf.getFieldInfos().fieldInfo(vector);
    if (field == null || !field.hasVectorValues()) {
      return doc -> null;
    }
    if (field.getVectorEncoding() == VectorEncoding.BYTE) {
      ByteVectorValues bytes = leaf.getByteVectorValues(vector);
      return doc -> isAt(bytes, doc) ? floats(bytes.vectorValue()) : null;
    }
    FloatVectorValues floats = leaf.getFloatVectorValues(vector);
    return doc -> isAt(floats, doc) ? floats.vectorValue().clone() : null;
  }

  private static boolean isAt(DocIdSetIterator vectors, int doc) throws IOException {
    int at = vectors.docID();
    return (at < doc ? vectors.advance(doc) : at) == doc;
  }

  private static float[] floats(byte[] bytes) {
    float[] values = new float[bytes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = bytes[i];
    }
    return values;
  }

  @Override
  public OptionalLong count() {
    return OptionalLong.of(reader.numDocs());
  }

  @Override
  public boolean countIsExact() {
    return true;
  }

  @Override
  public String description() {
    return "vectors from field `"
        + vector
        + "`, ids from "
        + id.map(field -> "`" + field + "`").orElse("the numbers of documents");
  }

  @Override
  public void close() throws IOException {
    reader.close();
    directory.close();
  }
}
