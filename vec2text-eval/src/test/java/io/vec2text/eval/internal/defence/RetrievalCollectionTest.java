package io.vec2text.eval.internal.defence;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class RetrievalCollectionTest {
  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    write(
        "corpus.jsonl",
        """
        {"_id": "d1", "title": "Heading", "text": "First text."}

        {"_id": "d2", "text": "Second text.", "metadata": {}}
        """);
    write(
        "queries.jsonl",
        """
        {"_id": "q1", "text": "Which?"}
        {"_id": "q2", "text": "Not judged?"}
        """);
    write("qrels.tsv", "q1\td1\t2\nq1\td9\t0\nq7\td1\t1\n");
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  @Test
  void readsTheLayoutOfBeir() throws IOException {
    RetrievalCollection collection = RetrievalCollection.read(folder);
    assertThat(collection.documents())
        .containsExactly(
            new RetrievalCollection.Text("d1", "Heading First text."),
            new RetrievalCollection.Text("d2", "Second text."));
    assertThat(collection.queries()).containsExactly(new RetrievalCollection.Text("q1", "Which?"));
    assertThat(collection.judgements()).containsEntry("q1", Map.of("d1", 2, "d9", 0));
    assertThat(collection.name()).isEqualTo(folder.getFileName().toString());
    assertThat(collection.toString() + collection.documents()).doesNotContain("text.");
    write("qrels.tsv", "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td9\t0\nq7\td1\t1\n");
    assertThat(RetrievalCollection.read(folder)).as("with a header").isEqualTo(collection);
  }

  @Test
  void readsCompressedFiles() throws IOException {
    RetrievalCollection plain = RetrievalCollection.read(folder);
    for (String name : new String[] {"corpus.jsonl", "queries.jsonl", "qrels.tsv"}) {
      Path file = folder.resolve(name);
      try (OutputStream out = Files.newOutputStream(folder.resolve(name + ".xz"));
          OutputStream compressed = new XZOutputStream(out, new LZMA2Options(1))) {
        Files.copy(file, compressed);
      }
      Files.delete(file);
    }
    assertThat(RetrievalCollection.read(folder)).isEqualTo(plain);
    Files.writeString(folder.resolve("corpus.jsonl.xz"), "not compressed");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> RetrievalCollection.read(folder))
        .withMessageContaining("corpus.jsonl.xz: can't be decompressed");
  }

  @ParameterizedTest
  @CsvSource({
    "corpus.jsonl, 'x: secret', corpus.jsonl: line 1 is not JSON",
    "corpus.jsonl, '[\"secret\"]', 'line 1 is no JSON object with _id and text'",
    "corpus.jsonl, '{\"_id\": \"1\"}', 'line 1 is no JSON object with _id and text'",
    "qrels.tsv, 'q1 d1 1', 'line 1 is not a query, a document and an integer'",
    "qrels.tsv, 'q1\td1\t1\nq1\td2\tyes', 'qrels.tsv: line 2 is not a query'",
  })
  void saysWhichLineIsWrongAndQuotesNothing(String file, String content, String message)
      throws IOException {
    write(file, content);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> RetrievalCollection.read(folder))
        .withMessageContaining(message)
        .withMessageNotContaining("secret");
  }

  @Test
  void refusesWhatIsNoCollection() throws IOException {
    write("corpus.jsonl", "{\"_id\": 1, \"text\": \"a\"}\n{\"_id\": \"1\", \"text\": \"b\"}\n");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> RetrievalCollection.read(folder))
        .withMessageContaining("line 2 has an _id that is there already");
    write("corpus.jsonl", "\n");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RetrievalCollection.read(folder))
        .withMessageContaining("corpus.jsonl holds no document");
    Files.write(
        folder.resolve("corpus.jsonl"), "{\"_id\": 1, \"text\": \"\u00e9\"}".getBytes(ISO_8859_1));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> RetrievalCollection.read(folder))
        .withMessageContaining("corpus.jsonl: line 1 is not UTF-8");
    write("corpus.jsonl", "{\"_id\": 1, \"text\": \"a\"}");
    write("qrels.tsv", "q9\td1\t1\n");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RetrievalCollection.read(folder))
        .withMessageContaining("qrels.tsv judges none of the queries");
    Files.delete(folder.resolve("queries.jsonl"));
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> RetrievalCollection.check(folder))
        .withMessageContaining("queries.jsonl");
  }
}
