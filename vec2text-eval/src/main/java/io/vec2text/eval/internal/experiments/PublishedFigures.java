package io.vec2text.eval.internal.experiments;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * A published table, to put beside one's own. Quoted, not measured here, and of other models.
 *
 * @param title what it is of
 * @param rows its systems
 * @param notes what to know of it
 */
public record PublishedFigures(String title, List<Row> rows, List<String> notes) {

  /**
   * A row.
   *
   * @param system its name there
   * @param bleu mean BLEU of single pairs
   * @param tokenF1 mean F1 over sets of words, in per cent
   * @param exact exact match, in per cent
   * @param cosine mean cosine of the texts' vectors: of the embedder that is inverted, or of a
   *     third
   */
  public record Row(String system, double bleu, double tokenF1, double exact, double cosine) {}

  /** Morris et al. (2023), table 1: GTR-base, passages of Natural Questions of 32 tokens. */
  static final PublishedFigures GTR =
      new PublishedFigures(
          "Published figures, of another embedder",
          ImmutableList.of(
              new Row("bag of words", 0.3, 51, 0, 0.70),
              new Row("GPT-2 decoder, one prefix vector", 1.0, 47, 0, 0.76),
              new Row("base, 0 steps", 31.9, 67, 0, 0.91),
              new Row("1 step", 50.7, 80, 0, 0.96),
              new Row("20 steps", 83.9, 96, 40.2, 0.99),
              new Row("50 steps", 85.4, 97, 40.6, 0.99),
              new Row("50 steps + sequence beam of 8", 97.3, 99, 92.0, 0.99)),
          ImmutableList.of(
              "Quoted from Morris et al. 2023, table 1: GTR-base, T5-base models, 32 tokens of"
                  + " Natural Questions. Another embedder, other texts, other models: not"
                  + " comparable figure by figure.",
              "Its BLEU is the mean over single pairs, its F1 one over sets of words, its exact"
                  + " match one of the very strings.",
              "Its ablation at 50 steps gives 52.0 % exact with feedback and 4.2 % without, of a"
                  + " model trained without; 40.6 % in the table and 52.0 % are not explained"
                  + " there."));

  /** Morris et al. (2024): Llama 2 Chat (7 B), prompts of Instructions-2M. */
  static final PublishedFigures LLAMA =
      new PublishedFigures(
          "Published figures, of another language model",
          ImmutableList.of(
              new Row("sample inverter, of one answer's text", 25.5, 65.1, 0, 0.90),
              new Row("few-shot GPT-3.5", 4.0, 19.4, 0, 0.78),
              new Row("few-shot GPT-4", 6.1, 25.4, 0, 0.79),
              new Row("requests to repeat the prompt, mean", 10.2, 25.0, 0, 0.80),
              new Row("requests to repeat the prompt, best (oracle)", 14.9, 32.9, 0, 0.82),
              new Row("distribution inversion, one distribution", 58.3, 75.8, 23.4, 0.94)),
          ImmutableList.of(
              "Quoted from Morris et al. 2024 (Language model inversion): Llama 2 Chat, 7 B,"
                  + " prompts of Instructions-2M of up to 64 tokens, inverters trained on two"
                  + " million prompts. Another language model, other prompts: not comparable figure"
                  + " by figure. Its cosine is that of text-embedding-ada-002, its F1 one over sets"
                  + " of words.",
              "Nazir et al. 2025 report BLEU 79.4 and 51.1 % exact from the distributions of 32"
                  + " steps of the same model's answer."));
}
