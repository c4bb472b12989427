package io.vec2text.eval.internal.defence;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.vec2text.eval.internal.TextFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Documents, queries, and which documents are relevant to which query. {@link #toString()} holds no
 * text.
 *
 * @param name what to call the collection
 * @param documents at least one
 * @param queries those of which a document was judged, at least one
 * @param judgements by query and document, the relevance: above 0 if relevant
 */
record RetrievalCollection(
    String name,
    List<Text> documents,
    List<Text> queries,
    Map<String, Map<String, Integer>> judgements) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Splitter TABS = Splitter.on('\t');

  RetrievalCollection {
    documents = ImmutableList.copyOf(documents);
    queries = ImmutableList.copyOf(queries);
    judgements = ImmutableMap.copyOf(judgements);
  }

  /** A document or query. */
  record Text(String id, String text) {
    @Override
    public String toString() {
      return "Text[id=" + id + ", characters=" + text.length() + "]";
    }
  }

  /**
   * Reads a folder in the layout of BEIR (Thakur et al. 2021), every file plain or as {@code .xz}:
   *
   * <ul>
   *   <li>{@code corpus.jsonl} and {@code queries.jsonl}: one object a line with {@code _id},
   *       {@code text} and, where there is one, {@code title}, which is put in front of the text
   *   <li>{@code qrels.tsv}: query, document and relevance, an integer, with or without a header
   * </ul>
   *
   * Queries without judgements are left out, and judgements of queries that are not there.
   *
   * @throws IOException if a file is missing, can't be read, or is none of these; the message names
   *     file and line and quotes nothing
   * @throws IllegalArgumentException if there is no document, or no judged query
   */
  static RetrievalCollection read(Path folder) throws IOException {
    List<Text> documents = texts(folder, "corpus.jsonl");
    checkArgument(!documents.isEmpty(), "%s: corpus.jsonl holds no document", folder);
    Map<String, Map<String, Integer>> judgements = judgements(folder);
    List<Text> queries =
        texts(folder, "queries.jsonl").stream()
            .filter(q -> judgements.containsKey(q.id()))
            .toList();
    checkArgument(!queries.isEmpty(), "%s: qrels.tsv judges none of the queries", folder);
    Path name = folder.toAbsolutePath().normalize().getFileName();
    return new RetrievalCollection(
        name == null ? "" : name.toString(), documents, queries, judgements);
  }

  /** Checks that the files are there, without reading them. */
  static void check(Path folder) throws IOException {
    for (String name : List.of("corpus.jsonl", "queries.jsonl", "qrels.tsv")) {
      file(folder, name);
    }
  }

  private static Path file(Path folder, String name) throws IOException {
    Path plain = folder.resolve(name);
    Path compressed = folder.resolve(name + TextFiles.COMPRESSED);
    if (!Files.exists(plain) && !Files.exists(compressed)) {
      throw new NoSuchFileException(plain.toString());
    }
    return Files.exists(plain) ? plain : compressed;
  }

  private static List<Text> texts(Path folder, String name) throws IOException {
    ImmutableList.Builder<Text> texts = ImmutableList.builder();
    Set<String> ids = new HashSet<>();
    forEachLine(
        file(folder, name),
        line -> {
          JsonNode node = JSON.readTree(line);
          JsonNode id = node.path("_id");
          JsonNode text = node.path("text");
          // Converted collections have numbers in either.
          if (!isScalar(id) || !isScalar(text)) {
            throw new MalformedLine("is no JSON object with _id and text");
          }
          if (!ids.add(id.asText())) {
            throw new MalformedLine("has an _id that is there already");
          }
          String title = node.path("title").asText("");
          texts.add(new Text(id.asText(), (title + " " + text.asText()).strip()));
        });
    return texts.build();
  }

  private static boolean isScalar(JsonNode node) {
    return node.isTextual() || node.isNumber();
  }

  private static Map<String, Map<String, Integer>> judgements(Path folder) throws IOException {
    Map<String, Map<String, Integer>> judgements = new LinkedHashMap<>();
    boolean[] first = {true};
    forEachLine(
        file(folder, "qrels.tsv"),
        line -> {
          List<String> cells = TABS.splitToList(line);
          boolean header = first[0] && cells.size() == 3 && !isInteger(cells.get(2));
          first[0] = false;
          if (header) {
            return;
          }
          if (cells.size() != 3 || !isInteger(cells.get(2))) {
            throw new MalformedLine("is not a query, a document and an integer, with tabs between");
          }
          judgements
              .computeIfAbsent(cells.get(0), q -> new LinkedHashMap<>())
              .put(cells.get(1), Integer.parseInt(cells.get(2)));
        });
    return judgements;
  }

  private static boolean isInteger(String cell) {
    try {
      Integer.parseInt(cell);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** What is wrong with a line; the message goes on after its number. */
  private static final class MalformedLine extends Exception {
    private static final long serialVersionUID = 1;

    MalformedLine(String message) {
      super(message);
    }
  }

  /** Takes a line that is not blank. */
  private interface LineParser {
    void read(String line) throws MalformedLine, JsonProcessingException;
  }

  private static void forEachLine(Path file, LineParser parser) throws IOException {
    TextFiles.forEachLine(
        file,
        (line, number) -> {
          try {
            if (!line.isBlank()) {
              parser.read(line);
            }
          } catch (MalformedLine e) {
            throw new IOException(file + ": line " + number + " " + e.getMessage(), e);
          } catch (JsonProcessingException e) {
            // Without its message, which may quote the text.
            throw new IOException(file + ": line " + number + " is not JSON", e);
          }
        });
  }

  @Override
  public String toString() {
    return name + " (" + documents.size() + " documents, " + queries.size() + " queries)";
  }
}
