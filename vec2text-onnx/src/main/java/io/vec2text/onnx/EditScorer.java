package io.vec2text.onnx;

import ai.onnxruntime.OnnxTensor;
import com.google.common.collect.Lists;
import com.google.common.primitives.Ints;
import io.vec2text.spi.TokenEditScorer;
import io.vec2text.spi.TokenEditScorer.Edit;
import io.vec2text.spi.TokenEditScorer.Edits;
import io.vec2text.spi.TokenEditScorer.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Scores the single-token edits of texts by one pass of the decoder over each. */
final class EditScorer {
  /**
   * rho of {@link TokenEditScorer}: what a nat of bag difference is worth beside one of the
   * decoder's. Kappa is the graph's own. Values and what they bring: training/EXPERIMENTS.md.
   */
  private static final float BAG_WEIGHT = 3f;

  private final Graph bag;
  private final Graph edits;
  private final Manifest.Tokens special;

  EditScorer(Graph bag, Graph edits, Manifest.Tokens special) {
    this.bag = bag;
    this.edits = edits;
    this.special = special;
  }

  /**
   * The best edits of each text.
   *
   * @param memory what the encoder makes of targets and texts
   * @param vectors of the texts
   * @param tokens of the texts, all equally many
   * @param substitutions how many a text, at most
   * @param insertions how many a text, at most
   */
  List<Edits> score(
      EncoderOutput memory,
      List<float[]> vectors,
      List<int[]> tokens,
      int substitutions,
      int insertions) {
    List<int[]> written = Lists.transform(tokens, t -> Ints.concat(new int[] {special.cls()}, t));
    try (OnnxTensor own = Tensors.floats(vectors);
        Graph.Result ownScores = bag.run(Map.of("vector", own));
        OnnxTensor words = Tensors.tokens(written);
        OnnxTensor weight = Tensors.scalar(BAG_WEIGHT)) {
      Map<String, OnnxTensor> inputs = new HashMap<>(memory.tensors());
      inputs.put("written", words);
      inputs.put("hypothesis_scores", ownScores.tensor("scores"));
      inputs.put("weight", weight);
      try (Graph.Result result = edits.run(inputs)) {
        return read(result, tokens, substitutions, insertions);
      }
    }
  }

  private List<Edits> read(
      Graph.Result result, List<int[]> tokens, int substitutions, int insertions) {
    int length = tokens.get(0).length;
    float[] subScores = result.floats("substitution_scores");
    long[] subs = result.longs("substitutions");
    float[] insScores = result.floats("insertion_scores");
    long[] ins = result.longs("insertions");
    float[] delScores = result.floats("deletion_scores");
    int n = tokens.size();
    int vocabulary = special.vocabulary();
    int perSub = subs.length / n;
    int perIns = ins.length / n;
    List<Edits> out = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      List<Edit> list = new ArrayList<>();
      for (int j = 0; length > 0 && j < Math.min(substitutions, perSub); j++) {
        list.add(
            edit(Kind.SUBSTITUTE, subs[i * perSub + j], vocabulary, subScores[i * perSub + j]));
      }
      for (int j = 0; j < Math.min(insertions, perIns); j++) {
        list.add(edit(Kind.INSERT, ins[i * perIns + j], vocabulary, insScores[i * perIns + j]));
      }
      List<Edit> deletions = new ArrayList<>();
      for (int t = 0; t < length; t++) {
        deletions.add(new Edit(Kind.DELETE, t, 0, delScores[i * length + t]));
      }
      deletions.sort((a, b) -> Double.compare(b.score(), a.score()));
      list.addAll(deletions);
      out.add(new Edits(tokens.get(i), list));
    }
    return out;
  }

  private static Edit edit(Kind kind, long index, int vocabulary, double score) {
    return new Edit(kind, (int) (index / vocabulary), (int) (index % vocabulary), score);
  }
}
