package io.vec2text.audit.detect;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds IBANs: the country says the length, and the number modulo 97 must be 1 (ISO 7064). */
final class Ibans {
  private static final Pattern START = Rule.compile("(?<![a-z0-9])[a-z]{2}\\d{2}(?=[a-z0-9 -])");

  /** Lengths by country, from the IBAN registry (SWIFT). */
  private static final ImmutableMap<String, Integer> LENGTHS = lengths();

  private static final double CONFIDENCE = 0.99;

  private Ibans() {}

  private static ImmutableMap<String, Integer> lengths() {
    String all =
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28"
            + " EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23"
            + " IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22"
            + " MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SD18"
            + " SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20";
    ImmutableMap.Builder<String, Integer> lengths = ImmutableMap.builder();
    for (String country : all.split(" ", -1)) {
      lengths.put(country.substring(0, 2), Integer.parseInt(country.substring(2)));
    }
    return lengths.buildOrThrow();
  }

  static List<Detection> find(TextView view) {
    List<Detection> found = new ArrayList<>();
    Matcher start = START.matcher(view.text());
    while (start.find()) {
      int end = end(view.text(), start.start());
      if (end > 0) {
        found.add(view.detection(DataType.IBAN, start.start(), end, CONFIDENCE));
      }
    }
    return found;
  }

  /** Where the IBAN that begins at a place ends; -1 if none begins there. */
  private static int end(String text, int start) {
    String country = text.substring(start, start + 2).toUpperCase(Locale.ROOT);
    int length = LENGTHS.getOrDefault(country, 0);
    StringBuilder iban = new StringBuilder();
    int i = start;
    for (; i < text.length() && iban.length() < length; i++) {
      char c = Character.toUpperCase(text.charAt(i));
      if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
        iban.append(c);
      } else if (c != ' ' && c != '-') {
        return -1;
      }
    }
    boolean ends = i == text.length() || !Character.isLetterOrDigit(text.charAt(i));
    return length > 0 && iban.length() == length && ends && isValid(iban.toString()) ? i : -1;
  }

  /** Whether an IBAN without spaces, in capitals, has the right check digits. */
  static boolean isValid(String iban) {
    int remainder = 0;
    for (char c : (iban.substring(4) + iban.substring(0, 4)).toCharArray()) {
      int value = Character.digit(c, 36);
      remainder = (remainder * (value < 10 ? 10 : 100) + value) % 97;
    }
    return remainder == 1;
  }
}
