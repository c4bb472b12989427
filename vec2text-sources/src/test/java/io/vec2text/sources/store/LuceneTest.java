package io.vec2text.sources.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vec2text.sources.Row;
import io.vec2text.sources.VectorReader;
import io.vec2text.sources.VectorSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnByteVectorField;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.Term;
import org.apache.lucene.store.FSDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Indexes of Lucene, written here; a segment for every four documents. */
final class LuceneTest extends VectorSourceContract {
  private static final int SEGMENT = 4;

  @TempDir private Path folder;
  private int indexes;

  @Override
  boolean keepsMixed() {
    return false; // a field has one dimension
  }

  private Path write(List<Item> items, boolean bytes) throws IOException {
    Path index = folder.resolve("index" + indexes++);
    try (FSDirectory directory = FSDirectory.open(index);
        IndexWriter writer =
            new IndexWriter(
                directory, new IndexWriterConfig().setMergePolicy(NoMergePolicy.INSTANCE))) {
      for (int i = 0; i < items.size(); i++) {
        Item item = items.get(i);
        Document document = new Document();
        document.add(new StringField("doc_id", item.id(), StringField.Store.YES));
        document.add(new StoredField("page", i));
        if (item.vector() != null && bytes) {
          document.add(new KnnByteVectorField("embedding", new byte[] {1, -2, 3}));
        } else if (item.vector() != null) {
          document.add(new KnnFloatVectorField("embedding", item.vector()));
        }
        writer.addDocument(document);
        if (i % SEGMENT == SEGMENT - 1) {
          writer.commit();
        }
      }
    }
    return index;
  }

  @Override
  VectorSource filled(List<Item> items, StoreOptions options) throws Exception {
    return Stores.source("lucene:" + write(items, false), options);
  }

  @Override
  VectorSource missing(StoreOptions options) throws Exception {
    return Stores.source("lucene:" + folder.resolve("nowhere"), options);
  }

  @Test
  void whatWasDeletedIsNotRead() throws Exception {
    Path index = write(items(10), false);
    try (FSDirectory directory = FSDirectory.open(index);
        IndexWriter writer =
            new IndexWriter(
                directory, new IndexWriterConfig().setMergePolicy(NoMergePolicy.INSTANCE))) {
      writer.deleteDocuments(new Term("doc_id", id(0)), new Term("doc_id", id(5)));
    }
    assertThat(ids(read(Stores.source("lucene:" + index, options().build()))))
        .hasSize(8)
        .doesNotContain(id(0), id(5));
  }

  @Test
  void storedFieldsComeAlong() throws Exception {
    StoreOptions options = options().metadata(List.of("page", "author")).build();
    Row row = read(filled(items(3), options)).get(2);
    assertThat(((Row.Vector) row).metadata()).containsExactly(Map.entry("page", "2"));
    assertThat(row.place().id()).contains(id(2));
  }

  @Test
  void bytesAreComponents() throws Exception {
    StoreOptions options = StoreOptions.defaults();
    Path index = write(items(2), true);
    try (VectorReader reader = Stores.source("lucene:" + index, options).open()) {
      assertThat(((Row.Vector) reader.next()).values()).containsExactly(1, -2, 3);
      assertThat(reader.description())
          .isEqualTo("vectors from field `embedding`, ids from `doc_id`");
    }
  }

  @Test
  void anIndexThatWasWrittenToIsStartedAnew() throws Exception {
    Path index = write(items(10), false);
    VectorSource source = Stores.source("lucene:" + index, options().build());
    Optional<String> cursor;
    try (VectorReader reader = source.open()) {
      reader.skip(7);
      cursor = reader.cursor();
    }
    try (FSDirectory directory = FSDirectory.open(index);
        IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig())) {
      writer.deleteDocuments(new Term("doc_id", id(1)));
    }
    saysOneLine(() -> source.open(cursor), "was written to since");
  }

  @Test
  void whatIsNoIndexIsNamed() throws Exception {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    saysOneLine(
        () -> read(Stores.source("lucene:" + empty, options().build())),
        "holds no index of Lucene");
    Path index = write(items(2), false);
    Files.write(index.resolve("_0.si"), new byte[100]);
    saysOneLine(() -> read(Stores.source("lucene:" + index, options().build())), "can't be read");
    saysOneLine(
        () -> Stores.source("lucene:" + index, options().table("t").build()), "has no tables");
  }
}
