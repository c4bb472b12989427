package io.vec2text.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.Iterables;
import com.google.common.collect.Lists;
import com.google.common.collect.MultimapBuilder;
import com.google.common.collect.SetMultimap;
import com.google.common.primitives.Floats;
import io.vec2text.Cancellation;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.InversionResult.Round;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import io.vec2text.search.IterativeInverter;
import io.vec2text.search.Search;
import io.vec2text.spi.Corrector;
import io.vec2text.spi.Decoding;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@link Search#published} on a converted checkpoint against a table of what the published
 * algorithm does on it: the same token ids after every step, cosines within 1e-6. Ids may differ
 * where the table says that a decision was closer than 1e-5.
 *
 * <p>The toy and its table are made by {@code training/tools/t5_toy.py}. Others, such as a stand-in
 * and what the Python package did with it ({@code training/tools/package_parity.py}), are checked
 * with {@code -Dvec2text.parity.package=DIR -Dvec2text.parity.table=FILE.json.gz}, and {@code
 * -Dvec2text.parity.vectors=N} takes only the first of the vectors.
 */
class PublishedParityTest {
  private static final double TIE = 1e-5;
  private static final double COSINE = 1e-6;
  private static final String PROPERTY = "vec2text.parity.";

  private final Table table = Table.read(System.getProperty(PROPERTY + "table"));
  private int same;
  private int spelledTwice;
  private int atATie;
  private double furthest;

  @Test
  void tokensAndCosinesAreThePublishedOnes() {
    ModelPackage model = ModelPackage.open(packageFolder());
    OnnxEmbedder embedder = OnnxEmbedder.open(model, Device.CPU, 0);
    Recorder recorder = new Recorder(T5Corrector.open(model, Device.CPU, 0));
    try (IterativeInverter inverter = IterativeInverter.builder(embedder, recorder).build()) {
      for (int beams : new TreeSet<>(Lists.transform(table.runs, Run::beams))) {
        int most = table.runs.stream().mapToInt(Run::steps).max().orElseThrow();
        Inverter published = inverter.with(Search.published(most, beams));
        for (int batch : List.of(1, table.size())) {
          for (List<float[]> vectors : Lists.partition(table.vectors(), batch)) {
            recorder.written.clear();
            List<Outcome> outcomes = published.invertAll(vectors, options());
            for (int i = 0; i < vectors.size(); i++) {
              int index = batch == 1 ? table.indexOf(vectors.get(i)) : i;
              check(index, beams, outcomes.get(i).orThrow(), recorder.of(vectors.get(i)));
            }
          }
        }
      }
      if (table.modelGuess != null) {
        checkModelGuess(inverter, recorder);
      }
    }
    System.out.printf(
        "%s: %d vectors, %d texts the same (%d of which were also written as other tokens),"
            + " %d differ at a tie, cosines within %.1g%n",
        model.name(), table.size(), same, spelledTwice, atATie, furthest);
  }

  /**
   * Half precision and int8 write other texts now and then, and hardly worse ones. Of the toy only.
   *
   * @param least vectors of 16 whose texts are those of single precision; nothing is said for int8
   * @param loss of mean cosine
   */
  @ParameterizedTest
  @CsvSource({"fp16, 14, 0.01", "int8, 0, 0.05"})
  void lowerPrecisionLosesLittle(String type, int least, double loss) {
    Table toy = Table.read(null);
    ModelPackage model = ModelPackage.open(T5Toy.folder("t5-toy-" + type));
    OnnxEmbedder embedder = OnnxEmbedder.open(model, Device.CPU, 0);
    Recorder recorder = new Recorder(T5Corrector.open(model, Device.CPU, 0));
    try (IterativeInverter inverter = IterativeInverter.builder(embedder, recorder).build()) {
      int beams = 2;
      Run expected = Iterables.getLast(toy.runsOf(beams));
      List<Outcome> outcomes =
          inverter
              .with(Search.published(expected.steps(), beams))
              .invertAll(toy.vectors(), options());
      double lost = 0;
      int alike = 0;
      for (int i = 0; i < toy.size(); i++) {
        Round last = Iterables.getLast(outcomes.get(i).orThrow().trace());
        lost += (Objects.requireNonNull(expected.cosines().get(i)) - last.cosine()) / toy.size();
        alike +=
            recorder.of(toy.vectors().get(i)).get(last.text()).contains(expected.ids().get(i))
                ? 1
                : 0;
      }
      assertThat(alike).as("texts alike").isGreaterThanOrEqualTo(least);
      assertThat(lost).as("mean cosine lost").isLessThan(loss);
    }
  }

  private void check(
      int index, int beams, InversionResult result, SetMultimap<String, List<Integer>> written) {
    for (Run run : table.runsOf(beams)) {
      List<Integer> ids = run.ids().get(index);
      if (ids == null) {
        continue; // There the Python package failed, for want of different texts.
      }
      Round round = result.trace().get(run.steps());
      Set<List<Integer>> found = written.get(round.text());
      String where = "vector %d, %d beams, %d steps".formatted(index, beams, run.steps());
      Double margin = run.margins().get(index);
      if (!found.contains(ids)) {
        assertThat(margin)
            .as("%s: %s, expected %s; margin", where, found, ids)
            .isNotNull()
            .isLessThan(TIE);
        atATie++;
        return; // What follows from it may be anything.
      }
      double difference = Math.abs(round.cosine() - run.cosines().get(index));
      assertThat(difference).as("%s: cosine's difference", where).isLessThanOrEqualTo(COSINE);
      furthest = Math.max(furthest, difference);
      same++;
      spelledTwice += found.size() > 1 ? 1 : 0;
    }
  }

  /** Without corrections the base model may write as much as a corrector. */
  private void checkModelGuess(IterativeInverter inverter, Recorder recorder) {
    List<List<Integer>> expected = Objects.requireNonNull(table.modelGuess);
    recorder.written.clear();
    List<Outcome> outcomes =
        inverter.with(Search.published(0, 1)).invertAll(table.vectors(), options());
    for (int i = 0; i < table.size(); i++) {
      assertThat(recorder.of(table.vectors().get(i)).get(outcomes.get(i).orThrow().text()))
          .as("guess of %d", i)
          .containsExactly(expected.get(i));
    }
  }

  private static InversionOptions options() {
    return InversionOptions.builder().maxEmbeddings(100_000).trace(true).build();
  }

  private static List<Integer> withStart(Corrector.Candidate candidate) {
    List<Integer> ids = new ArrayList<>(List.of(0));
    ids.addAll(candidate.tokens());
    return ids;
  }

  private static Path packageFolder() {
    String given = System.getProperty(PROPERTY + "package");
    return given == null ? T5Toy.folder() : Path.of(given);
  }

  /** Remembers as which tokens each text was written for each vector. */
  private static final class Recorder implements Corrector {
    private final Corrector corrector;
    private final Map<List<Float>, SetMultimap<String, List<Integer>>> written = new HashMap<>();

    Recorder(Corrector corrector) {
      this.corrector = corrector;
    }

    SetMultimap<String, List<Integer>> of(float[] target) {
      return written.computeIfAbsent(
          Floats.asList(target), t -> MultimapBuilder.hashKeys().linkedHashSetValues().build());
    }

    @Override
    public EmbeddingSpace space() {
      return corrector.space();
    }

    @Override
    public List<List<Candidate>> correct(
        List<Request> requests, Decoding decoding, Cancellation cancellation) {
      List<List<Candidate>> all = corrector.correct(requests, decoding, cancellation);
      for (int i = 0; i < all.size(); i++) {
        SetMultimap<String, List<Integer>> mine = of(requests.get(i).target());
        all.get(i).forEach(c -> mine.put(c.text(), withStart(c)));
      }
      return all;
    }

    @Override
    public void close() {
      corrector.close();
    }
  }

  /**
   * What comes out of some steps with some beams: ids with the start token, null where the package
   * failed; margins are null where nothing was close.
   */
  private record Run(
      int beams,
      int steps,
      List<@Nullable List<Integer>> ids,
      List<@Nullable Double> cosines,
      List<@Nullable Double> margins) {}

  /** A table of what the published algorithm does. */
  private static final class Table {
    private final List<float[]> vectors;
    private final Run guess;
    private final List<Run> runs;
    private final @Nullable List<List<Integer>> modelGuess;

    private Table(JsonNode json, JsonMapper mapper) {
      int dimension = json.get("dimension").asInt();
      ByteBuffer halves =
          ByteBuffer.wrap(Base64.getDecoder().decode(json.get("vectors").asText()))
              .order(ByteOrder.LITTLE_ENDIAN);
      vectors = new ArrayList<>();
      int most = Integer.getInteger(PROPERTY + "vectors", Integer.MAX_VALUE);
      while (halves.hasRemaining() && vectors.size() < most) {
        float[] vector = new float[dimension];
        for (int i = 0; i < dimension; i++) {
          vector[i] = half(halves.getShort());
        }
        vectors.add(vector);
      }
      guess = mapper.convertValue(json.get("guess"), Run.class);
      runs = mapper.convertValue(json.get("runs"), new TypeReference<List<Run>>() {});
      modelGuess =
          mapper.convertValue(json.get("modelGuess"), new TypeReference<List<List<Integer>>>() {});
    }

    /** A table of a file, or that of the toy. */
    static Table read(@Nullable String given) {
      JsonMapper mapper =
          JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
      try (InputStream in =
              given == null
                  ? PublishedParityTest.class.getResourceAsStream("t5-toy.json.gz")
                  : new FileInputStream(given);
          GZIPInputStream json = new GZIPInputStream(Objects.requireNonNull(in))) {
        return new Table(mapper.readTree(json), mapper);
      } catch (IOException e) {
        throw new IllegalStateException("can't read the table", e);
      }
    }

    int size() {
      return vectors.size();
    }

    List<float[]> vectors() {
      return vectors;
    }

    int indexOf(float[] vector) {
      return vectors.indexOf(vector);
    }

    /** Those of a number of beams, by rising steps, from the first guess on. */
    List<Run> runsOf(int beams) {
      List<Run> all = new ArrayList<>(List.of(guess));
      runs.stream()
          .filter(r -> r.beams() == beams)
          .sorted(Comparator.comparingInt(Run::steps))
          .forEach(all::add);
      return all;
    }

    private static float half(short bits) {
      int exponent = (bits >> 10) & 31;
      int mantissa = bits & 1023;
      float value =
          exponent == 0
              ? Math.scalb((float) mantissa, -24)
              : Math.scalb(1024f + mantissa, exponent - 25);
      return bits < 0 ? -value : value;
    }
  }
}
