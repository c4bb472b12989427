package io.vec2text.audit.detect;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A detector that {@code META-INF/services} names, as others bring them. */
public final class BadgeDetector implements PersonalDataDetector {
  static final DataType BADGE = new DataType("badge", "number of a badge", 0.3, 1);
  private static final Pattern PATTERN = Pattern.compile("\\bB-\\d{4}\\b");

  /** For the service loader. */
  public BadgeDetector() {}

  @Override
  public List<DataType> types() {
    return List.of(BADGE);
  }

  @Override
  public List<Detection> detect(String text) {
    List<Detection> found = new ArrayList<>();
    Matcher matcher = PATTERN.matcher(text);
    while (matcher.find()) {
      found.add(new Detection(BADGE, matcher.start(), matcher.end(), 0.9));
    }
    return found;
  }
}
