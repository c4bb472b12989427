package io.vec2text.audit.detect;

import com.google.common.collect.ImmutableList;
import io.vec2text.audit.detect.Rule.Candidate;
import java.util.regex.Pattern;

/** Numbers that name a person, an account or a card. */
final class NumberRules {
  private static final Pattern PHONE_WORDS =
      Rule.compile(
          "\\b(?:phone|telephone|tel|mobile|cell|call|called|calling|fax|whatsapp|text|sms|dial|reach"
              + "|ring|hotline|voicemail|contact)\\b");
  private static final Pattern OTHER_NUMBER =
      Rule.compile(
          "\\b(?:order|invoice|ticket|case|ref|reference|serial|part|model|isbn|tracking|version|id"
              + "|sku|item|account|batch)\\b[^.;]{0,15}$");
  private static final Pattern SSN_WORDS = Rule.compile("\\b(?:ssn|social security)\\b");
  private static final Pattern DATE =
      Pattern.compile("\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}|\\d{1,2}[-/.]\\d{1,2}[-/.]\\d{2,4}");
  private static final Pattern CARD_START =
      Pattern.compile("4|5[1-5]|2[2-7]|3[0-9]|60|62|64|65|81|50|5[6-9]|6");

  /** Nothing of a longer number, nor of a decimal one. */
  private static final String BEFORE = "(?<![\\w.])(?<!\\d[-/ ,])";

  private static final String AFTER = "(?![-/]?\\w)(?!\\.\\d)";

  static final ImmutableList<Rule> RULES =
      ImmutableList.of(
          Rule.of(
              DataType.PAYMENT_CARD,
              "(?<![\\d.])(?<!\\d[ -])\\d(?:[ -]?\\d){12,18}(?![ -]?\\d)(?!\\w)",
              NumberRules::card),
          Rule.of(
              DataType.US_SSN,
              "(?<!\\d)(?<!\\d[- ])(?!000|666|9)\\d{3}-(?!00)\\d{2}-(?!0000)\\d{4}(?![\\d-])",
              ssn -> isSampleSsn(ssn) ? 0 : 0.9),
          Rule.of(
              DataType.US_SSN,
              "(?<![\\d-])(?!000|666|9)\\d{3} ?(?!00)\\d{2} ?(?!0000)\\d{4}(?![\\d-])",
              ssn -> ssn.isAfter(SSN_WORDS) && !isSampleSsn(ssn) ? 0.95 : 0),
          Rule.of(
              DataType.UK_NINO,
              "(?<!\\w)(?!bg|gb|kn|nk|nt|tn|zz)[abceghj-prstw-z][abceghj-nprstw-z]"
                  + " ?\\d{2} ?\\d{2} ?\\d{2} ?[a-d](?!\\w)",
              0.95),
          // International.
          Rule.of(
              DataType.PHONE,
              "(?<![\\w+])\\+ ?\\d{1,3}(?:[ .-]?\\(?\\d{1,5}\\)?){1,6}" + AFTER,
              number -> number.digits().length() >= 9 ? 0.95 : 0),
          // North American, its separators in place.
          Rule.of(
              DataType.PHONE,
              BEFORE
                  + "(?:1[ .-])?(?:\\( ?[2-9]\\d{2} ?\\) ?-?|[2-9]\\d{2}[ .-])[2-9]\\d{2}["
                  + " .-]\\d{4}"
                  + AFTER,
              number -> number.isAfter(OTHER_NUMBER) ? 0 : 0.85),
          // British, written with its leading zero.
          Rule.of(
              DataType.PHONE,
              BEFORE + "\\(?0[1-9]\\d{1,4}\\)?[ -]\\d{3,4}[ -]?\\d{3,4}" + AFTER,
              number -> isBritish(number) && !number.isAfter(OTHER_NUMBER) ? 0.8 : 0),
          // Anything of a fitting length behind a word for it.
          Rule.of(
              DataType.PHONE,
              BEFORE + "\\(?\\d{2,5}\\)?(?:[ .-]?\\d{2,5}){1,4}" + AFTER,
              NumberRules::phoneByContext));

  private NumberRules() {}

  private static double card(Candidate card) {
    String digits = card.digits();
    boolean uniform = digits.chars().distinct().count() < 2;
    return CARD_START.matcher(digits).lookingAt() && !uniform && isLuhn(digits) ? 0.95 : 0;
  }

  private static double phoneByContext(Candidate number) {
    int digits = number.digits().length();
    boolean fits = digits >= 7 && digits <= 12 && !DATE.matcher(number.value()).matches();
    return fits && number.isAfter(PHONE_WORDS) && !number.isAfter(OTHER_NUMBER) ? 0.8 : 0;
  }

  private static boolean isBritish(Candidate number) {
    int digits = number.digits().length();
    return digits == 10 || digits == 11;
  }

  /** The number that was printed in advertisements, and one that never was given to anybody. */
  private static boolean isSampleSsn(Candidate ssn) {
    return ssn.digits().equals("078051120") || ssn.digits().equals("219099999");
  }

  /** Whether a number's last digit is its check digit (Luhn 1954, ISO/IEC 7812-1). */
  static boolean isLuhn(String digits) {
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = Character.digit(digits.charAt(digits.length() - 1 - i), 10);
      int doubled = i % 2 == 0 ? digit : 2 * digit;
      sum += doubled > 9 ? doubled - 9 : doubled;
    }
    return sum % 10 == 0;
  }
}
