package io.vec2text.eval.internal.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.vec2text.eval.Calibration;
import io.vec2text.eval.Difference;
import io.vec2text.eval.Interval;
import io.vec2text.eval.Provenance;
import io.vec2text.eval.Rate;
import io.vec2text.eval.Summary;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How reports write a figure, in JSON and in tables. */
public final class Figures {
  /** What stands in a cell without a figure. */
  public static final String NONE = "–";

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .addModule(
              new SimpleModule()
                  .addSerializer(new Form<>(Rate.class, Figures::form))
                  .addSerializer(new Form<>(Summary.class, Figures::form))
                  .addSerializer(new Form<>(Difference.class, Figures::form))
                  .addSerializer(new Form<>(Calibration.class, Figures::form))
                  .addSerializer(new Form<>(Provenance.class, Figures::form)))
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS))
          .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
          .build();

  private Figures() {}

  /** How figures of a type are written. */
  private static final class Form<T> extends StdSerializer<T> {
    private static final long serialVersionUID = 1;

    private final transient Function<T, ObjectNode> form;

    Form(Class<T> type, Function<T, ObjectNode> form) {
      super(type);
      this.form = form;
    }

    @Override
    public void serialize(T value, JsonGenerator generator, SerializerProvider provider)
        throws IOException {
      generator.writeTree(form.apply(value));
    }
  }

  /** An object without members. */
  public static ObjectNode object() {
    return JSON.createObjectNode();
  }

  /** A JSON document on lines of its own. */
  public static String write(ObjectNode root) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("can't write JSON", e);
    }
  }

  /** A record's components by name, without those that are empty. */
  public static ObjectNode json(Object figures) {
    return JSON.valueToTree(figures);
  }

  /** The same of several. */
  public static ArrayNode json(List<?> figures) {
    return JSON.valueToTree(figures);
  }

  /** Adds figures. */
  public static void put(ObjectNode node, String name, Object figures) {
    node.set(name, json(figures));
  }

  private static ObjectNode form(Rate rate) {
    ObjectNode node = object().put("count", rate.count()).put("of", rate.of());
    rate.value().ifPresent(v -> node.put("value", v));
    rate.interval().ifPresent(i -> ends(node, i));
    return node;
  }

  private static ObjectNode form(Summary summary) {
    ObjectNode node = object().put("value", summary.mean()).put("median", summary.median());
    return ends(node, summary.interval());
  }

  private static ObjectNode form(Difference difference) {
    ObjectNode node = ends(object().put("value", difference.value()), difference.interval());
    return node.put("pValue", difference.pValue());
  }

  private static ObjectNode form(Calibration calibration) {
    ObjectNode node = object();
    put(node, "right", calibration.right());
    node.put("stated", calibration.stated()).put("calibrationError", calibration.error());
    calibration.auroc().ifPresent(a -> node.put("auroc", a));
    return node;
  }

  private static ObjectNode form(Provenance p) {
    ObjectNode node = object();
    node.put("inverter", p.inverter()).put("embedder", p.embedder());
    node.put("storage", p.storage().toString());
    node.put("data", p.data()).put("dataSha256", p.dataSha256()).put("seed", p.seed());
    node.put("maxEmbeddings", p.maxEmbeddings());
    p.timeLimit().ifPresent(w -> node.put("maxSeconds", w.toNanos() / 1e9));
    node.put("threads", p.threads());
    ObjectNode versions = node.putObject("versions");
    p.versions().forEach(versions::put);
    return node;
  }

  private static ObjectNode ends(ObjectNode node, Interval interval) {
    return node.put("low", interval.low()).put("high", interval.high());
  }

  /** What made the figures, in lines. */
  public static List<String> head(Provenance p) {
    String deadline =
        p.timeLimit().map(w -> format(", %.3f s of work", w.toNanos() / 1e9)).orElse("");
    String versions =
        p.versions().entrySet().stream()
            .map(e -> e.getKey() + " " + e.getValue())
            .collect(Collectors.joining(", "));
    return List.of(
        format("data: %s, sha256 %s", p.data(), p.dataSha256()),
        format("embedder: %s, vectors stored as %s", p.embedder(), p.storage()),
        format("budget: %d embeddings%s a vector, seed %d", p.maxEmbeddings(), deadline, p.seed()),
        format("threads: %d; %s", p.threads(), versions));
  }

  /** {@link #head} of several evaluations whose budgets differ. */
  public static List<String> headWithoutBudget(Provenance p) {
    return head(p).stream()
        .map(line -> line.startsWith("budget:") ? "seed " + p.seed() : line)
        .toList();
  }

  /** A rate in percent with its interval. */
  public static String percent(Rate rate) {
    Optional<Interval> interval = rate.interval();
    if (interval.isEmpty()) {
      return NONE;
    }
    return percent((double) rate.count() / rate.of(), interval.get());
  }

  /** A mean in [0, 1] in percent with its interval. */
  public static String percent(Summary summary) {
    return percent(summary.mean(), summary.interval());
  }

  private static String percent(double value, Interval interval) {
    return format("%.1f [%.1f, %.1f]", 100 * value, 100 * interval.low(), 100 * interval.high());
  }

  /** A difference with its interval, all times a unit. */
  public static String difference(String number, double unit, Difference difference) {
    Interval interval = difference.interval();
    return format(
        number + " [" + number + ", " + number + "]",
        unit * difference.value(),
        unit * interval.low(),
        unit * interval.high());
  }

  /** The name of a constant as it is shown. */
  public static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** Formats the same on every machine. */
  public static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
