package io.vec2text.eval.internal.experiments;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import com.google.common.collect.Multiset;
import io.vec2text.Embedder;
import io.vec2text.InversionOptions;
import io.vec2text.Inverter;
import io.vec2text.Vectors;
import io.vec2text.eval.Evaluation;
import io.vec2text.eval.EvaluationSet;
import io.vec2text.eval.Evaluator;
import io.vec2text.eval.Storage;
import io.vec2text.eval.internal.defence.Attackers;
import io.vec2text.eval.internal.defence.Defence;
import io.vec2text.eval.internal.setup.EvalListener;
import io.vec2text.eval.internal.setup.PassageCutter;
import io.vec2text.eval.internal.setup.TextLengths;
import io.vec2text.search.IterativeInverter;
import io.vec2text.search.Search;
import io.vec2text.spi.Corrector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;

/** Measures how quality and cost change with one setting. */
public final class Sweep {
  private static final ImmutableList<Range> BUCKETS =
      ImmutableList.of(new Range(4, 8), new Range(9, 16), new Range(17, 32));
  private static final int CHUNK = 1024;

  private final Function<Embedder, Inverter> inverters;
  private final Inverter inverter;
  private final Embedder embedder;
  private final Corrector corrector;
  private final EvalListener listener;

  /** What changes. */
  public enum Over {
    /** Tokens to which passages are cut. */
    LENGTH(1, 4, 8, 16, 24, 32, 48, 64),
    /** Steps of sequence beam search, for several widths. */
    STEPS(0, 0, 1, 5, 20, 50),
    /** Styles of text. */
    DOMAIN(0),
    /** Components that a store keeps of a vector, the first ones. */
    DIMENSIONS(1),
    /** First guesses of which the closest is taken. */
    CANDIDATES(1, 1, 2, 4, 8, 16, 32, 64);

    private final int least;
    private final ImmutableList<Integer> usual;

    Over(int least, Integer... usual) {
      this.least = least;
      this.usual = ImmutableList.copyOf(usual);
    }

    /** The least value. */
    public int least() {
      return least;
    }

    List<Integer> usual(int dimension) {
      return this == DIMENSIONS
          ? Lists.transform(List.of(8, 6, 4, 2, 1), part -> Math.max(1, dimension * part / 8))
          : usual;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Lengths in tokens, both ends included. */
  private record Range(int low, int high) {
    boolean contains(int length) {
      return length >= low && length <= high;
    }

    String bucket() {
      return low + "-" + high;
    }
  }

  /** A point before it is measured. */
  private record Setting(
      String series,
      String label,
      int value,
      Inverter inverter,
      int maxEmbeddings,
      EvaluationSet set) {
    String title() {
      return series + " " + label;
    }
  }

  /**
   * A sweep.
   *
   * @param inverters makes what is measured where the sweep is not over inverters, given the
   *     embedder that it compares guesses by; not closed
   * @param embedder the embedder
   * @param corrector writes guesses and corrections in the same space
   * @param listener hears of the progress
   */
  public Sweep(
      Function<Embedder, Inverter> inverters,
      Embedder embedder,
      Corrector corrector,
      EvalListener listener) {
    this.inverters = requireNonNull(inverters, "inverters");
    this.embedder = requireNonNull(embedder, "embedder");
    this.inverter = inverters.apply(embedder);
    this.corrector = requireNonNull(corrector, "corrector");
    this.listener = requireNonNull(listener, "listener");
  }

  /**
   * Measures all values.
   *
   * @param soFar is handed what is known after each value, because a run takes hours
   * @return the figures; those of the values that were finished, if cancelled
   * @throws IOException if a file can't be read or written
   * @throws IllegalArgumentException if there are no texts for a value, or it can't be set
   */
  public SweepEvaluation run(SweepOptions options, Consumer<SweepEvaluation> soFar)
      throws IOException {
    List<Setting> settings = settings(options);
    Evaluator evaluator =
        new Evaluator(
            embedder, Storage.NumberFormat.FLOAT32, options.threads(), options.versions());
    List<SweepEvaluation.Point> points = new ArrayList<>();
    for (Setting setting : settings) {
      InversionOptions inversion =
          options.inversion().toBuilder()
              .maxEmbeddings(setting.maxEmbeddings)
              .listener(listener.counting(setting.title(), setting.set.size()))
              .build();
      try (Inverter resumable = options.resumable(setting.title(), setting.inverter, inversion)) {
        Evaluation evaluation = evaluator.run(setting.title(), resumable, setting.set, inversion);
        if (!evaluation.complete()) {
          return evaluation(options, points, false);
        }
        points.add(
            new SweepEvaluation.Point(setting.series, setting.label, setting.value, evaluation));
      }
      soFar.accept(evaluation(options, points, false));
    }
    return evaluation(options, points, true);
  }

  private static SweepEvaluation evaluation(
      SweepOptions options, List<SweepEvaluation.Point> points, boolean complete) {
    boolean showTexts = options.over() != Over.DOMAIN && options.sha256().isEmpty();
    return new SweepEvaluation(options.over(), points, complete, showTexts);
  }

  private List<Setting> settings(SweepOptions options) throws IOException {
    List<Integer> values =
        options.values().isEmpty()
            ? options.over().usual(embedder.space().dimension())
            : options.values();
    return switch (options.over()) {
      case LENGTH -> lengths(options, values);
      case STEPS -> steps(options, values);
      case DOMAIN -> domains(options);
      case DIMENSIONS -> dimensions(options, values);
      case CANDIDATES -> candidates(options, values);
    };
  }

  private Setting of(SweepOptions options, String label, int value, EvaluationSet set) {
    int budget = options.inversion().maxEmbeddings();
    return new Setting(options.search(), label, value, inverter, budget, set);
  }

  private EvaluationSet cut(SweepOptions options, int tokens) throws IOException {
    return PassageCutter.of(embedder)
        .cut(options.readPassages(), tokens)
        .sample(options.limit(), options.inversion().seed());
  }

  private List<Setting> lengths(SweepOptions options, List<Integer> values) throws IOException {
    List<Setting> settings = new ArrayList<>();
    for (int tokens : values) {
      settings.add(of(options, tokens + " tokens", tokens, cut(options, tokens)));
    }
    return settings;
  }

  private List<Setting> steps(SweepOptions options, List<Integer> values) throws IOException {
    EvaluationSet set = cut(options, TableOptions.PUBLISHED_TOKENS);
    List<Setting> settings = new ArrayList<>();
    for (int width : options.widths()) {
      for (int steps : values) {
        // Owned by nobody: closing it would close embedder and corrector.
        @SuppressWarnings("resource")
        Inverter search =
            IterativeInverter.builder(embedder, corrector)
                .search(Search.sequenceBeam(steps, width))
                .build();
        settings.add(
            new Setting(
                "width " + width,
                steps == 1 ? "1 step" : steps + " steps",
                steps,
                search,
                Search.maxEmbeddings(steps, width),
                set));
      }
    }
    return settings;
  }

  private List<Setting> domains(SweepOptions options) throws IOException {
    checkArgument(
        !options.domains().isEmpty(), "a sweep over domains needs a domain, %s", Domain.FORM);
    List<Setting> settings = new ArrayList<>();
    EvaluationSet own = inBuckets(options.readSentences(), options);
    settings.add(of(options, own.name(), 0, own));
    for (Domain domain : options.domains()) {
      EvaluationSet set = inBuckets(domain.read(), options);
      settings.add(of(options, domain.name(), settings.size(), set));
    }
    return settings;
  }

  /** Draws whole texts of each range of lengths. */
  private EvaluationSet inBuckets(EvaluationSet texts, SweepOptions options) {
    EvaluationSet shuffled = texts.sample(texts.size(), options.inversion().seed());
    List<EvaluationSet.Entry> entries = new ArrayList<>();
    Multiset<Range> taken = HashMultiset.create();
    for (List<String> chunk : Lists.partition(shuffled.texts(), CHUNK)) {
      int[] lengths = TextLengths.of(chunk, embedder);
      for (int i = 0; i < lengths.length; i++) {
        for (Range range : BUCKETS) {
          if (range.contains(lengths[i]) && taken.count(range) < options.limit()) {
            taken.add(range);
            entries.add(new EvaluationSet.Entry(range.bucket(), chunk.get(i)));
          }
        }
      }
      if (taken.size() == BUCKETS.size() * options.limit()) {
        break;
      }
    }
    checkArgument(!entries.isEmpty(), "%s holds no text of 4 to 32 tokens", texts.name());
    entries.sort((a, b) -> Integer.compare(order(a), order(b)));
    return EvaluationSet.of(texts.name(), entries);
  }

  private static int order(EvaluationSet.Entry entry) {
    return Lists.transform(BUCKETS, Range::bucket).indexOf(entry.bucket());
  }

  private List<Setting> dimensions(SweepOptions options, List<Integer> values) throws IOException {
    EvaluationSet set = cut(options, TableOptions.PUBLISHED_TOKENS);
    // Sentences of the other split: what an attacker may know, and no target.
    String other = options.split().equals("dev") ? "test" : "dev";
    List<float[]> known =
        Arrays.stream(embedder.embed(EvaluationSet.shipped(other).texts()))
            .map(Vectors::unit)
            .toList();
    long seed = options.inversion().seed();
    int budget = options.inversion().maxEmbeddings();
    List<Setting> settings = new ArrayList<>();
    for (int kept : values) {
      Defence truncation = Defence.parse("truncate:" + kept);
      Inverter naive = Attackers.naive(inverter, truncation, known, seed);
      settings.add(new Setting("naive", kept + " dimensions", kept, naive, budget, set));
    }
    for (int kept : values) {
      Defence truncation = Defence.parse("truncate:" + kept);
      Inverter informed = Attackers.informed(inverters, embedder, truncation, known, seed);
      settings.add(new Setting("informed", kept + " dimensions", kept, informed, budget, set));
    }
    return settings;
  }

  private List<Setting> candidates(SweepOptions options, List<Integer> values) throws IOException {
    EvaluationSet set = cut(options, TableOptions.PUBLISHED_TOKENS);
    List<Setting> settings = new ArrayList<>();
    for (int n : values) {
      Inverter guesses = new RerankedGuesses(corrector, embedder, n);
      settings.add(new Setting("closest guess", "of " + n, n, guesses, n, set));
    }
    return settings;
  }
}
