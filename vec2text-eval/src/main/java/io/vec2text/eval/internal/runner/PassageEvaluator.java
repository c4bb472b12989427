package io.vec2text.eval.internal.runner;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.primitives.Ints;
import io.vec2text.Embedder;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.Inverter;
import io.vec2text.Tokenization;
import io.vec2text.Verdict;
import io.vec2text.eval.Calibration;
import io.vec2text.eval.EvaluationSet;
import io.vec2text.eval.Evaluator;
import io.vec2text.eval.Rate;
import io.vec2text.eval.Storage;
import io.vec2text.eval.internal.BatchInversion;
import io.vec2text.eval.internal.setup.PassageCutter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** Checks what inverters say of passages that are longer than they can write. */
public final class PassageEvaluator {
  /** The lengths in tokens, special ones included, of the passages that go beyond any range. */
  public static final List<Integer> LENGTHS = ImmutableList.of(64, 128, 256);

  private static final ImmutableList<Integer> WORD_LISTS = ImmutableList.of(10, 20, 32);
  private static final int SPECIAL_TOKENS = 2;

  /** Letters and digits of a word of content, at least: most shorter ones stand in every text. */
  private static final int CONTENT_LENGTH = 4;

  /** Share of the words named that must occur. */
  private static final double PRECISION = 0.8;

  private final Embedder embedder;
  private final BatchInversion batches;
  private final Evaluator evaluator;

  /** Of the same arguments as {@link Evaluator#Evaluator(Embedder, Storage, int, Map)}. */
  public PassageEvaluator(
      Embedder embedder, Storage storage, int threads, Map<String, String> versions) {
    this.embedder = embedder;
    batches = new BatchInversion(embedder, storage::keep, storage.left());
    evaluator = new Evaluator(embedder, storage, threads, versions);
  }

  /**
   * Cuts of each passage, for every length, a run of whole words that has exactly as many tokens,
   * and inverts its vector.
   *
   * @param name what to call the inverter
   * @param inverter an inverter of the embedder's space
   * @param passages texts longer than the lengths asked for; shorter ones are left out
   * @param lengths lengths in tokens; one that leaves no room for two special tokens within the
   *     embedder's limit is lowered until it does: 256 to 254 for all-MiniLM-L6-v2
   * @param options as for {@link Evaluator#run}; the listener's numbers count on over the lengths
   * @return the figures
   * @throws IllegalArgumentException if the embedder shows no tokens, a length is below 1, or the
   *     spaces differ
   */
  public PassageEvaluation run(
      String name,
      Inverter inverter,
      EvaluationSet passages,
      List<Integer> lengths,
      InversionOptions options) {
    PassageCutter cutter = PassageCutter.of(embedder);
    Tokenization tokenization = cutter.tokenization();
    int limit = embedder.space().tokenLimit() - SPECIAL_TOKENS;
    List<PassageEvaluation.Row> rows = new ArrayList<>();
    boolean complete = true;
    int before = 0;
    for (int length : capped(lengths, limit)) {
      List<String> texts =
          passages.texts().stream().flatMap(p -> cutter.cut(p, length).stream()).toList();
      BatchInversion.Inverted inversion = batches.invert(inverter, texts, options, before);
      before += texts.size();
      if (!inversion.outcomes().isEmpty()) {
        rows.add(passageRow(length, inversion, tokenization));
      }
      if (inversion.outcomes().size() < texts.size()) {
        complete = false;
        break;
      }
    }
    return new PassageEvaluation(
        evaluator.provenance(name, inverter, passages, options), rows, complete);
  }

  private static ImmutableSortedSet<Integer> capped(List<Integer> lengths, int limit) {
    ImmutableSortedSet.Builder<Integer> capped = ImmutableSortedSet.naturalOrder();
    for (int length : lengths) {
      checkArgument(length > 0, "lengths must be at least 1, one was %s", length);
      capped.add(Math.min(length, limit));
    }
    return capped.build();
  }

  private PassageEvaluation.Row passageRow(
      int tokens, BatchInversion.Inverted inversion, Tokenization tokenization) {
    List<InversionResult> results = new ArrayList<>();
    List<InversionResult.PredictedWords> contents = new ArrayList<>();
    List<Set<String>> truth = new ArrayList<>();
    int exact = 0;
    for (int i = 0; i < inversion.outcomes().size(); i++) {
      Optional<InversionResult> result = inversion.outcomes().get(i).result();
      if (result.isEmpty()) {
        continue;
      }
      results.add(result.get());
      String text = inversion.texts().get(i);
      if (embedder.normalize(result.get().text()).equals(embedder.normalize(text))) {
        exact++;
      }
      if (result.get().predictedWords().isPresent()) {
        contents.add(result.get().predictedWords().get());
        truth.add(names(text, tokenization));
      }
    }
    int n = results.size();
    boolean read = !contents.isEmpty();
    return new PassageEvaluation.Row(
        tokens,
        new Rate(count(results, r -> r.verdict() == Verdict.EXACT), n),
        new Rate(exact, n),
        new Rate(count(results, InversionResult::exceedsSupportedLength), n),
        new Rate(contents.size(), n),
        read ? Optional.of(mean(contents, c -> Math.abs(c.tokens() - tokens))) : Optional.empty(),
        read ? Optional.of(mean(contents, c -> c.tokens() - tokens)) : Optional.empty(),
        WORD_LISTS.stream().map(top -> wordList(top, contents, truth)).toList(),
        recall(contents, truth),
        mean(results, InversionResult::cosine),
        mean(results, r -> r.cost().embedderCalls()),
        mean(results, r -> r.cost().work().toNanos() / 1e9),
        inversion.outcomes().size() - n);
  }

  private static PassageEvaluation.WordList wordList(
      int top, List<InversionResult.PredictedWords> contents, List<Set<String>> truth) {
    int listed = 0;
    int occur = 0;
    double stated = 0;
    for (int i = 0; i < contents.size(); i++) {
      List<InversionResult.WordProbability> words = contents.get(i).words();
      for (InversionResult.WordProbability word : words.subList(0, Math.min(top, words.size()))) {
        listed++;
        stated += word.probability();
        if (truth.get(i).contains(word.word())) {
          occur++;
        }
      }
    }
    return new PassageEvaluation.WordList(
        top,
        new Rate(occur, listed),
        listed == 0 ? Optional.empty() : Optional.of(stated / listed));
  }

  /**
   * How much of what passages are about can be told: words of content of all passages are named by
   * falling probability, as many as leaves PRECISION of them right.
   */
  private static Optional<Double> recall(
      List<InversionResult.PredictedWords> contents, List<Set<String>> truth) {
    long all = truth.stream().flatMap(Set::stream).filter(PassageEvaluator::isContent).count();
    List<Calibration.Prediction> named = new ArrayList<>();
    for (int i = 0; i < contents.size(); i++) {
      for (InversionResult.WordProbability word : contents.get(i).words()) {
        if (isContent(word.word())) {
          boolean occurs = truth.get(i).contains(word.word());
          named.add(new Calibration.Prediction(word.probability(), occurs));
        }
      }
    }
    named.sort(Comparator.comparingDouble(p -> -p.probability()));
    int occur = 0;
    int told = 0;
    for (int i = 0; i < named.size(); i++) {
      occur += named.get(i).right() ? 1 : 0;
      if (occur >= PRECISION * (i + 1)) {
        told = occur;
      }
    }
    return all == 0 ? Optional.empty() : Optional.of((double) told / all);
  }

  /** What the tokens of a text are called in lists of words. */
  private static Set<String> names(String text, Tokenization tokenization) {
    return Ints.asList(tokenization.encode(List.of(text)).get(0)).stream()
        .map(tokenization::name)
        .collect(ImmutableSet.toImmutableSet());
  }

  private static boolean isContent(String word) {
    return word.codePoints().filter(Character::isLetterOrDigit).count() >= CONTENT_LENGTH;
  }

  private static <T> int count(List<T> values, Predicate<? super T> what) {
    return Math.toIntExact(values.stream().filter(what).count());
  }

  private static <T> double mean(List<T> items, ToDoubleFunction<? super T> value) {
    return items.stream().mapToDouble(value).average().orElse(0);
  }
}
