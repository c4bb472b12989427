package io.vec2text.audit.detect;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;

/** Detectors that work together. For many threads. */
public final class Detectors {
  /** What is longest, then most harmful, then first, stays where places overlap. */
  private static final Comparator<Detection> PREFERENCE =
      Comparator.comparingInt((Detection d) -> -d.length())
          .thenComparingDouble(d -> -d.type().harm())
          .thenComparingInt(Detection::start)
          .thenComparing(d -> d.type().id());

  private final ImmutableList<PersonalDataDetector> detectors;

  private Detectors(List<PersonalDataDetector> detectors) {
    this.detectors = ImmutableList.copyOf(detectors);
  }

  /** The built-in rules, and all detectors on the class path. */
  public static Detectors standard() {
    List<PersonalDataDetector> all = new ArrayList<>();
    all.add(builtInRules());
    ServiceLoader.load(PersonalDataDetector.class, Detectors.class.getClassLoader())
        .forEach(all::add);
    return new Detectors(all);
  }

  /** Those given, and no others. */
  public static Detectors of(PersonalDataDetector... detectors) {
    return new Detectors(List.of(detectors));
  }

  /** The built-in rules alone. */
  public static PersonalDataDetector builtInRules() {
    return RuleDetector.INSTANCE;
  }

  /** All kinds that are looked for. */
  public Set<DataType> types() {
    Set<DataType> types = new LinkedHashSet<>();
    detectors.forEach(d -> types.addAll(d.types()));
    return types;
  }

  /**
   * Finds values. Of places that overlap the longest stays; of equal ones, the most harmful kind.
   *
   * @return places in the order of the text
   */
  public List<Detection> detect(String text) {
    List<Detection> found = new ArrayList<>();
    detectors.forEach(d -> found.addAll(d.detect(text)));
    found.sort(PREFERENCE);
    List<Detection> kept = new ArrayList<>();
    for (Detection detection : found) {
      if (detection.end() <= text.length() && kept.stream().noneMatch(detection::overlaps)) {
        kept.add(detection);
      }
    }
    kept.sort(Comparator.comparingInt(Detection::start));
    return kept;
  }
}
