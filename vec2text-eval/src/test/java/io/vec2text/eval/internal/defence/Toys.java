package io.vec2text.eval.internal.defence;

import io.vec2text.testing.ToyEmbedder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A retrieval collection of the toy embedder's words. */
final class Toys {
  private Toys() {}

  /**
   * Writes documents of three sentences each; every tenth is relevant to a query of its own, which
   * is its second sentence.
   *
   * @return all sentences
   */
  static List<String> writeCollection(Path folder, int documents) throws IOException {
    Random random = new Random(17);
    List<String> sentences = new ArrayList<>();
    StringBuilder corpus = new StringBuilder();
    StringBuilder queries = new StringBuilder();
    StringBuilder judgements = new StringBuilder();
    for (int d = 0; d < documents; d++) {
      List<String> own = new ArrayList<>();
      for (int s = 0; s < 3; s++) {
        own.add("The " + ToyEmbedder.text(s == 2 ? 20 : 4 + random.nextInt(5), random) + " cat.");
      }
      sentences.addAll(own);
      corpus.append(line("d" + d, String.join(" ", own)));
      if (d % 10 == 0) {
        queries.append(line("q" + d, own.get(1)));
        judgements.append("q" + d + "\td" + d + "\t1\n");
      }
    }
    Files.writeString(folder.resolve("corpus.jsonl"), corpus);
    Files.writeString(folder.resolve("queries.jsonl"), queries);
    Files.writeString(folder.resolve("qrels.tsv"), judgements);
    return sentences;
  }

  private static String line(String id, String text) {
    return "{\"_id\": \"" + id + "\", \"text\": \"" + text + "\"}\n";
  }
}
