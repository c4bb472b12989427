package io.vec2text.audit.detect;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The built-in rules. */
final class RuleDetector implements PersonalDataDetector {
  static final RuleDetector INSTANCE = new RuleDetector();

  /** Longer texts are read up to here: rules must not take a text for a quarry. */
  private static final int MAX_LENGTH = 100_000;

  private static final Pattern ADDRESS_GAP = Pattern.compile("[\\p{L}\\p{N} ,'-]{0,25}");

  private final ImmutableList<Rule> rules =
      ImmutableList.<Rule>builder()
          .addAll(NumberRules.RULES)
          .addAll(InternetRules.RULES)
          .addAll(SecretRules.RULES)
          .addAll(PersonRules.RULES)
          .build();

  private RuleDetector() {}

  @Override
  public List<DataType> types() {
    return DataType.builtIn();
  }

  @Override
  public List<Detection> detect(String text) {
    String read = text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) : text;
    List<Detection> found = find(TextView.of(read), InternetRules.EMAIL);
    Optional<TextView> tightened = TextView.tightened(read);
    if (tightened.isPresent()) {
      // What is found in the text as it is has the right extent.
      for (Detection more : find(tightened.get(), InternetRules.TIGHTENED_EMAIL)) {
        boolean known =
            found.stream().anyMatch(d -> d.type().equals(more.type()) && d.overlaps(more));
        if (!known) {
          found.add(more);
        }
      }
    }
    return joined(found, read);
  }

  /** Street, town and postcode are found by rules of their own, and are one address. */
  private static List<Detection> joined(List<Detection> found, String text) {
    List<Detection> all = new ArrayList<>();
    found.sort(Comparator.comparingInt(Detection::start));
    for (Detection next : found) {
      int last = all.size() - 1;
      while (last >= 0 && !all.get(last).type().equals(next.type())) {
        last--;
      }
      boolean joins =
          last >= 0
              && next.type().equals(DataType.POSTAL_ADDRESS)
              && ADDRESS_GAP
                  .matcher(
                      text.substring(Math.min(all.get(last).end(), next.start()), next.start()))
                  .matches();
      if (joins) {
        Detection before = all.get(last);
        all.set(
            last,
            new Detection(
                next.type(),
                before.start(),
                Math.max(before.end(), next.end()),
                Math.max(before.confidence(), next.confidence())));
      } else {
        all.add(next);
      }
    }
    return all;
  }

  private List<Detection> find(TextView view, Rule email) {
    List<Detection> found = new ArrayList<>(email.find(view));
    rules.forEach(rule -> found.addAll(rule.find(view)));
    found.addAll(Ibans.find(view));
    found.addAll(PersonNames.find(view));
    return found;
  }
}
