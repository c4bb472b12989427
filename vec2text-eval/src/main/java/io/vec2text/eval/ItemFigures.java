package io.vec2text.eval;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import io.vec2text.Embedder;
import io.vec2text.InversionResult;
import io.vec2text.Outcome;
import io.vec2text.Vectors;
import io.vec2text.Verdict;
import io.vec2text.eval.internal.BatchInversion;
import io.vec2text.internal.Alignment;
import io.vec2text.internal.WordsAndMarks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A text and what its inversion scores. */
record ItemFigures(
    String bucket,
    String target,
    String recovered,
    boolean exact,
    boolean exactRaw,
    Overlap overlap,
    PairScores scores,
    double cosine,
    Optional<Verdict> verdict,
    int embeddings,
    double seconds,
    List<Evaluation.Word> words,
    List<Calibration.Prediction> spans,
    List<InversionResult.Round> trace,
    Optional<String> error)
    implements Evaluation.Item {

  /** Copies. */
  ItemFigures {
    words = ImmutableList.copyOf(words);
    spans = ImmutableList.copyOf(spans);
    trace = ImmutableList.copyOf(trace);
  }

  /** Scores inversions of one bucket, with cosines that are measured anew. */
  static List<Evaluation.Item> of(
      String bucket,
      BatchInversion inversion,
      BatchInversion.Inverted inverted,
      Function<String, WordKind> kinds) {
    List<String> recovered = new ArrayList<>();
    for (Outcome outcome : inverted.outcomes()) {
      recovered.add(outcome.result().map(InversionResult::text).orElse(""));
    }
    Embedder embedder = inversion.embedder();
    List<float[]> vectors = inversion.embed(recovered);
    List<Overlap> overlaps = Overlap.ofTexts(embedder, recovered, inverted.texts());
    List<Evaluation.Item> items = new ArrayList<>();
    for (int i = 0; i < recovered.size(); i++) {
      String target = inverted.texts().get(i);
      String text = recovered.get(i);
      String normalTarget = embedder.normalize(target);
      String normalText = embedder.normalize(text);
      Optional<InversionResult> result = inverted.outcomes().get(i).result();
      boolean failed = result.isEmpty();
      items.add(
          new ItemFigures(
              bucket,
              target,
              text,
              normalText.equals(normalTarget),
              text.equals(target),
              overlaps.get(i),
              PairScores.of(normalText, normalTarget),
              failed ? 0 : Vectors.cosine(vectors.get(i), inverted.targets().get(i)),
              result.map(InversionResult::verdict),
              result.map(r -> r.cost().embedderCalls()).orElse(0),
              result.map(r -> r.cost().work().toNanos() / 1e9).orElse(0.0),
              result.map(r -> words(r, normalTarget, kinds)).orElse(List.of()),
              result.map(r -> spans(r, normalTarget)).orElse(List.of()),
              result.map(InversionResult::trace).orElse(List.of()),
              inverted.outcomes().get(i).error().map(ItemFigures::message)));
    }
    return items;
  }

  private static List<Evaluation.Word> words(
      InversionResult result, String normalTarget, Function<String, WordKind> kinds) {
    List<InversionResult.WordProbability> words = result.words();
    boolean[] right =
        Alignment.kept(
            Lists.transform(words, InversionResult.WordProbability::word),
            WordsAndMarks.of(normalTarget));
    List<Evaluation.Word> judged = new ArrayList<>();
    for (int i = 0; i < right.length; i++) {
      InversionResult.WordProbability word = words.get(i);
      judged.add(
          new Evaluation.Word(
              kinds.apply(word.word()), new Calibration.Prediction(word.probability(), right[i])));
    }
    return judged;
  }

  private static List<Calibration.Prediction> spans(InversionResult result, String normalTarget) {
    List<String> words = Lists.transform(result.words(), InversionResult.WordProbability::word);
    List<String> target = WordsAndMarks.of(normalTarget);
    return result.spans().stream()
        .map(
            s ->
                new Calibration.Prediction(
                    s.probability(),
                    Collections.indexOfSubList(target, words.subList(s.from(), s.end())) >= 0))
        .toList();
  }

  private static String message(RuntimeException e) {
    String message = e.getMessage();
    return message == null ? e.toString() : message;
  }

  @Override
  public String toString() {
    return "Item[bucket=" + bucket + ", exact=" + exact + ", cosine=" + cosine + "]";
  }
}
