package io.vec2text.audit.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.vec2text.audit.detect.TextForm.Label;
import io.vec2text.audit.detect.TextForm.Marked;
import io.vec2text.eval.EvaluationSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Measures precision and recall of the rules; {@code -Dvec2text.detectors=SEED} draws other
 * sentences, and {@code -Dvec2text.detectors.show=true} prints what is missed. The tables in
 * docs/audit.md are those of seed 30.
 */
final class DetectorQualityTest {
  private static final int EACH = 300;
  private static final long SEED = Long.getLong("vec2text.detectors", 30);
  private static final boolean SHOW = Boolean.getBoolean("vec2text.detectors.show");

  private final Detectors detectors = Detectors.of(Detectors.builtInRules());

  /** What became of the values of a kind. */
  private static final class Counts {
    int found;
    int missed;
    int wrong;

    double recall() {
      return (double) found / (found + missed);
    }

    double precision() {
      return found + wrong == 0 ? 1 : (double) found / (found + wrong);
    }
  }

  @ParameterizedTest
  @EnumSource(TextForm.class)
  void findsWhatIsThereAndLittleElse(TextForm form) {
    Map<String, Counts> counts = new TreeMap<>();
    DataType.builtIn().forEach(type -> counts.put(type.id(), new Counts()));
    LabelledTexts texts = new LabelledTexts(SEED);
    for (String kind : LabelledTexts.kinds()) {
      for (Marked original : texts.of(kind, kind.equals("none") ? 5 * EACH : EACH)) {
        count(form.of(original), counts);
      }
    }
    System.out.printf("%-16s%10s%10s%8s  (%s)%n", "type", "precision", "recall", "values", form);
    counts.forEach(
        (type, c) ->
            System.out.printf(
                Locale.ROOT,
                "%-16s%10.3f%10.3f%8d%n",
                type,
                c.precision(),
                c.recall(),
                c.found + c.missed));
    counts.forEach(
        (type, c) -> {
          assertThat(c.recall())
              .as(type + " recall")
              .isGreaterThan(type.equals("person-name") ? 0.6 : 0.95);
          assertThat(c.precision()).as(type + " precision").isGreaterThan(0.9);
        });
  }

  private void count(Marked marked, Map<String, Counts> counts) {
    List<Label> open = new ArrayList<>(marked.labels());
    for (Detection d : detectors.detect(marked.text())) {
      Counts of = counts.get(d.type().id());
      if (open.removeIf(label -> isOf(d, label))) {
        of.found++;
      } else if (marked.labels().stream().noneMatch(label -> isOf(d, label))) {
        of.wrong++;
        show("wrong " + d.type().id(), marked);
      }
    }
    for (Label missed : open) {
      counts.get(missed.type().id()).missed++;
      show("missed " + missed.type().id(), marked);
    }
  }

  private static boolean isOf(Detection d, Label label) {
    return label.type().equals(d.type()) && label.start() < d.end() && d.start() < label.end();
  }

  private static void show(String what, Marked marked) {
    if (SHOW) {
      System.out.println(what + ": " + marked.text());
    }
  }

  /** Real sentences: what is found in them are mostly false alarms, but for names and birthdays. */
  @Test
  void raisesFewFalseAlarmsInRealSentences() {
    List<String> texts = EvaluationSet.wikipediaDev().texts();
    Map<String, Integer> alarms = new TreeMap<>();
    for (String text : texts) {
      Marked spelled = TextForm.SPELLED.of(new Marked(text, List.of()));
      for (Detection d : detectors.detect(spelled.text())) {
        alarms.merge(d.type().id(), 1, Integer::sum);
        show(d.type().id(), spelled);
      }
    }
    System.out.println("found in " + texts.size() + " sentences of Wikipedia: " + alarms);
    alarms.keySet().removeAll(List.of("person-name", "birth-date"));
    int all = alarms.values().stream().mapToInt(n -> n).sum();
    assertThat(all).as(alarms.toString()).isLessThan(texts.size() / 100);
  }
}
