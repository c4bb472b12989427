import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.FSDirectory;

/**
 * The JSON lines of {@code tools/audit-stores} as an index of Lucene and as Parquet: {@code java
 * -cp 'drivers/*' StoreFiles.java CHUNKS.jsonl INDEX FILE.parquet}.
 */
public final class StoreFiles {
  private StoreFiles() {}

  /**
   * Writes both.
   *
   * @param args the lines, {@code {"id":"…","embedding":[…]}} each; the index's folder; the file
   */
  public static void main(String[] args) throws Exception {
    try (BufferedReader lines = Files.newBufferedReader(Path.of(args[0]), StandardCharsets.UTF_8);
        FSDirectory directory = FSDirectory.open(Path.of(args[1]));
        IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig())) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] parts = line.substring(7, line.length() - 2).split("\",\"embedding\":\\[");
        String[] numbers = parts[1].split(",");
        float[] vector = new float[numbers.length];
        for (int i = 0; i < vector.length; i++) {
          vector[i] = Float.parseFloat(numbers[i]);
        }
        Document document = new Document();
        document.add(new StoredField("id", parts[0]));
        document.add(new KnnFloatVectorField("embedding", vector));
        writer.addDocument(document);
      }
    }
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "copy (select id, embedding::float[] as embedding from read_json('"
              + args[0]
              + "')) to '"
              + args[2]
              + "' (format parquet)");
    }
  }
}
