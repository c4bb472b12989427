package io.vec2text.eval;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.base.Splitter;
import io.vec2text.Tokenization;
import io.vec2text.eval.internal.setup.PassageCutter;
import io.vec2text.onnx.Device;
import io.vec2text.onnx.ModelPackage;
import io.vec2text.onnx.OnnxEmbedder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is said of the shipped texts, checked with the embedder whose tokens it is said in. */
class ShippedTextsTest {
  private static OnnxEmbedder embedder;

  @BeforeAll
  static void open() {
    embedder = OnnxEmbedder.open(ModelPackage.onClassPath("all-MiniLM-L6-v2"), Device.CPU, 1);
  }

  @AfterAll
  static void close() {
    embedder.close();
  }

  @Test
  void sentencesHaveAsManyTokensAsTheirBucketSays() {
    for (String split : List.of("dev", "test")) {
      EvaluationSet set = EvaluationSet.shipped(split);
      List<int[]> tokens = embedder.tokenization().orElseThrow().encode(set.texts());
      for (int i = 0; i < set.size(); i++) {
        List<String> range = Splitter.on('-').splitToList(set.entries().get(i).bucket());
        assertThat(tokens.get(i).length)
            .as(set.texts().get(i))
            .isBetween(Integer.valueOf(range.get(0)), Integer.valueOf(range.get(1)));
      }
    }
  }

  @Test
  void noTwoSentencesHaveOneNormalForm() {
    Set<String> forms = new HashSet<>();
    for (String split : List.of("dev", "test")) {
      for (String text : EvaluationSet.shipped(split).texts()) {
        assertThat(forms.add(embedder.normalize(text))).as(text).isTrue();
      }
    }
  }

  @Test
  void everyPassageCanBeCutToEveryLength() {
    PassageCutter cutter = new PassageCutter(embedder.tokenization().orElseThrow());
    List<String> passages =
        Stream.of("dev", "test")
            .flatMap(s -> EvaluationSet.shippedPassages(s).texts().stream())
            .toList();
    assertThat(passages).hasSize(400).doesNotHaveDuplicates();
    for (String passage : passages) {
      for (int length : new int[] {32, 64, 128, 254}) {
        String cut = cutter.cut(passage, length).orElseThrow(() -> new AssertionError(passage));
        assertThat(embedder.tokenization().orElseThrow().encode(List.of(cut)).get(0))
            .hasSize(length);
        assertThat(passage).contains(cut);
      }
    }
  }

  @Test
  void figuresOverTokensAndNormalFormsEqualThoseOfPython() {
    for (JsonNode row : GoldenMetrics.rows("pair")) {
      String h = row.get("h").asText();
      String r = row.get("r").asText();
      GoldenMetrics.check(
          Overlap.ofTexts(embedder, List.of(h), List.of(r)).get(0), row.get("tokens"));
      List<int[]> tokens = embedder.tokenization().orElseThrow().encode(List.of(h, r));
      assertThat(EditDistance.ofTokens(tokens.get(0), tokens.get(1)))
          .as("%s", row)
          .isEqualTo(row.get("token_edits").asInt());
      assertThat(embedder.normalize(h).equals(embedder.normalize(r)))
          .as("%s", row)
          .isEqualTo(row.get("exact").asBoolean());
    }
  }

  @Test
  void piecesOfWordsAreNamedWithTheirMark() {
    Tokenization tokenization = embedder.tokenization().orElseThrow();
    assertThat(
            Arrays.stream(tokenization.encode(List.of("Embeddings reveal text.")).get(0))
                .mapToObj(tokenization::name))
        .containsExactly("em", "##bed", "##ding", "##s", "reveal", "text", ".");
  }
}
