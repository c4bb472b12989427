package io.vec2text.search;

import io.vec2text.Embedder;
import io.vec2text.Tokenization;
import io.vec2text.spi.Corrector;
import io.vec2text.spi.Decoding;
import io.vec2text.spi.LanguageModel;
import io.vec2text.spi.TokenContributions;
import io.vec2text.spi.TokenEditScorer;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What one call of an inverter searches with: models, their optional abilities, and threads. */
final class SearchContext {
  private final Embedder embedder;
  private final Corrector corrector;
  private final ModelCalls models;
  private final CallLimits limits;
  private final SearchThreads threads;
  private final @Nullable Tokenization tokenization;

  SearchContext(
      Embedder embedder,
      Corrector corrector,
      ModelCalls models,
      CallLimits limits,
      SearchThreads threads) {
    this.embedder = embedder;
    this.corrector = corrector;
    this.models = models;
    this.limits = limits;
    this.threads = threads;
    tokenization = embedder.tokenization().orElse(null);
  }

  /** Calls of the models. */
  ModelCalls models() {
    return models;
  }

  /** The tokenization of the embedder, if it shows it. */
  @Nullable Tokenization tokenization() {
    return tokenization;
  }

  /** Scores single-token edits; null where nobody could or none could be spelled. */
  @Nullable TokenEditScorer editScorer() {
    return tokenization == null ? null : corrector.tokenEditScorer().orElse(null);
  }

  /** The language model; without one, a constant for every token. */
  LanguageModel languageModel() {
    return corrector.languageModel().orElse(Fluency.UNKNOWN);
  }

  /** What tokens add to a vector, if that is known. */
  @Nullable TokenContributions tokenContributions() {
    return corrector.tokenContributions().orElse(null);
  }

  /** Tokens, special ones included, past which the embedder does not read. */
  int tokenLimit() {
    return embedder.space().tokenLimit();
  }

  /** A beam search of texts that the embedder reads to their end. */
  Decoding beam(int width) {
    return beam(width, 0);
  }

  /** The same of texts of so many tokens at least, special ones included. */
  Decoding beam(int width, int minTokens) {
    return new Decoding.Beam(width, Math.min(minTokens, tokenLimit()), tokenLimit());
  }

  /** Spells a proposal and looks up its normal form. */
  SelectedProposal select(Target target, Proposal proposal) {
    String text = proposal.text(tokenization);
    return new SelectedProposal(target, proposal, text, embedder.normalize(text));
  }

  /** Splits texts into tokens, where there is a tokenization and they are not known yet. */
  void tokenize(List<EvaluatedText> texts) {
    List<EvaluatedText> unread = texts.stream().filter(p -> !p.hasTokens()).toList();
    if (tokenization != null && !unread.isEmpty()) {
      List<int[]> tokens = tokenization.encode(unread.stream().map(EvaluatedText::text).toList());
      for (int i = 0; i < unread.size(); i++) {
        unread.get(i).tokens(tokens.get(i));
      }
    }
  }

  /** Does something for each live target; one for which it throws has failed. */
  void each(Collection<Target> targets, Consumer<Target> action) {
    targets.forEach(t -> t.attempt(action));
  }

  /** Does something that takes time for each live target, for several at once. */
  void eachInParallel(List<Target> targets, Consumer<Target> action) {
    long start = System.nanoTime();
    threads.forEach(
        targets,
        t -> {
          if (!limits.cancelled()) {
            t.attempt(action);
          }
        });
    limits.charge(targets, System.nanoTime() - start);
  }
}
