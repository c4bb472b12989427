package io.vec2text.lm.server;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.vec2text.lm.server.Capabilities.Bias;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Finds out what a server shows, in some ten calls. For one use. */
final class Examination {
  /** What every interface with log-probabilities shows. */
  private static final int FEW = 5;

  /** What most show at most. */
  private static final int USUAL = 20;

  /** How many chosen tokens vLLM takes. */
  private static final int IDS = 128;

  /** Fewer tokens than this are no vocabulary. */
  private static final int SMALL = 200;

  /** By how much a log-probability changes that shows a bias, at least. */
  private static final double TRACE = 0.01;

  private final ModelServer server;
  private final String prompt;
  private final Map<ServerMethod, Double> seconds = new EnumMap<>(ServerMethod.class);
  private final List<ServerMethod> methods = new ArrayList<>();
  private Shown usual;
  private int top;
  private int ids;

  Examination(ModelServer server, String prompt) {
    this.server = server;
    this.prompt = prompt;
    Optional<Shown> first = tryTo(Question.top(prompt, FEW));
    usual = first.isPresent() ? first.get() : server.ask(Question.top(prompt, 0));
  }

  private Optional<Shown> tryTo(Question question) {
    try {
      return Optional.of(server.ask(question));
    } catch (ServerException e) {
      if (!e.isRefusal()) {
        throw e;
      }
      return Optional.empty();
    }
  }

  Capabilities run() {
    if (usual.chosen() == Shown.UNKNOWN && usual.tokens().isEmpty() && !server.hasTokenizer()) {
      // Or nothing would seem to work.
      throw new ServerException(
          server.url()
              + " names tokens by their texts, expected ids; give the model's tokenizer.json",
          null);
    }
    top = usual.entries();
    OptionalDouble difference = top == 0 ? OptionalDouble.empty() : difference();
    boolean whole = top > 0 && widen();
    if (server.vocabulary() == 0) {
      throw new ServerException(
          server.url()
              + " does not say how many tokens its model has; give the vocabulary's size, or the"
              + " model's tokenizer.json",
          null);
    }
    if (whole) {
      add(ServerMethod.WHOLE, usual.seconds());
    }
    if (server.takesIds()) {
      chooseIds();
    }
    Bias bias = bias();
    Capabilities found =
        new Capabilities(
            server.vocabulary(),
            Math.min(top, server.vocabulary()),
            ids,
            bias,
            ImmutableList.of(),
            ImmutableMap.copyOf(seconds),
            rounding(),
            difference);
    methods.sort(Comparator.comparingLong(m -> m.calls(found, found.vocabulary())));
    return new Capabilities(
        found.vocabulary(),
        found.topTokens(),
        ids,
        bias,
        ImmutableList.copyOf(methods),
        found.seconds(),
        found.decimals(),
        difference);
  }

  private void add(ServerMethod method, double secondsACall) {
    methods.add(method);
    seconds.put(method, secondsACall);
  }

  private OptionalInt rounding() {
    return Decimals.of(usual.logs());
  }

  private OptionalDouble difference() {
    Shown again = server.ask(Question.top(prompt, FEW).again(1));
    double most = 0;
    for (int i = 0; i < usual.tokens().length(); i++) {
      OptionalDouble other = again.log(usual.tokens().get(i));
      if (other.isPresent()) {
        most = Math.max(most, Math.abs(other.getAsDouble() - usual.logs().get(i)));
      }
    }
    return OptionalDouble.of(most);
  }

  /** Asks for more tokens; whether all came. */
  private boolean widen() {
    Optional<Shown> all = tryTo(Question.top(prompt, server.all()));
    if (all.isEmpty() && server.all() > USUAL) {
      all = tryTo(Question.top(prompt, USUAL));
    }
    if (all.isEmpty() || all.get().entries() <= top) {
      return false;
    }
    usual = all.get();
    top = usual.entries();
    int known = usual.tokens().length();
    if (server.vocabulary() == 0 && known >= SMALL && isRange(known)) {
      server.vocabulary(known);
    }
    return known == server.vocabulary();
  }

  /** Whether the tokens are those from 0 on, so that they may be all. */
  private boolean isRange(int known) {
    return usual.tokens().stream().allMatch(id -> id < known);
  }

  private void chooseIds() {
    int n = Math.min(IDS, server.vocabulary());
    int[] order = CountedOracle.shuffled(server.vocabulary());
    List<Integer> asked = IntStream.range(0, n).map(i -> order[i]).boxed().toList();
    Optional<Shown> shown = tryTo(Question.top(prompt, 1).of(asked));
    if (shown.isEmpty()) {
      return;
    }
    int came = (int) asked.stream().filter(i -> shown.get().log(i).isPresent()).count();
    // A server that does not know the parameter shows what it always shows.
    if (came * 2 > n || came > 2 * USUAL) {
      ids = n;
      add(ServerMethod.CHOSEN_IDS, shown.get().seconds());
    }
  }

  /** Biases a token that nobody would expect. */
  private Bias bias() {
    int token =
        IntStream.range(server.vocabulary() / 3, server.vocabulary())
            .filter(i -> i != usual.chosen() && (isAll() || usual.log(i).isEmpty()))
            .findFirst()
            .orElse(0);
    boolean logs = top > 0;
    int asked = logs ? Math.min(top, USUAL) : 0;
    Optional<Shown> answered =
        tryTo(Question.top(prompt, asked).with(Map.of(token, ForcedToken.BIAS)));
    if (answered.isEmpty()) {
      return Bias.REFUSED;
    }
    Shown biased = answered.get();
    boolean decides = biased.chosen() == token;
    boolean named = usual.chosen() != Shown.UNKNOWN;
    if (logs && usual.tokens().length() > 1 && shows(biased, token)) {
      add(ServerMethod.TOP_WITH_BIAS, biased.seconds());
      addBisection(decides && named, biased.seconds());
      return Bias.SHOWN;
    }
    if (decides && !Double.isNaN(biased.chosenLog())) {
      add(ServerMethod.FORCED_TOKEN, biased.seconds());
    }
    addBisection(decides && named, biased.seconds());
    return decides ? Bias.ANSWERS : Bias.NONE;
  }

  private void addBisection(boolean works, double secondsACall) {
    if (works) {
      add(ServerMethod.BISECTION, secondsACall);
    }
  }

  private boolean isAll() {
    return usual.tokens().length() == server.vocabulary();
  }

  private boolean shows(Shown biased, int token) {
    if (top < 2) {
      return false;
    }
    int best = usual.tokens().get(0);
    double before = usual.logs().get(0);
    for (int i = 1; i < usual.tokens().length(); i++) {
      if (usual.logs().get(i) > before) {
        best = usual.tokens().get(i);
        before = usual.logs().get(i);
      }
    }
    OptionalDouble after = biased.log(best);
    boolean raised = biased.log(token).orElse(Double.NEGATIVE_INFINITY) > before;
    return raised || (after.isPresent() && before - after.getAsDouble() > TRACE);
  }
}
