package io.vec2text.audit.detect;

import com.google.common.collect.ImmutableList;
import io.vec2text.audit.detect.Rule.Candidate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where somebody lives, and when they were born. */
final class PersonRules {
  private static final String MONTH =
      "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
          + "|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
  private static final String DAY = "\\d{1,2}(?: ?(?:st|nd|rd|th))?";
  private static final String YEAR = "(?:19|20)\\d{2}";
  private static final String DATE =
      "(?:\\d{1,2} ?[/.-] ?\\d{1,2} ?[/.-] ?(?:(?:19|20)\\d{2}|\\d{2})(?!\\d)|"
          + (YEAR + "-\\d{1,2}-\\d{1,2}|")
          + (DAY + "(?: of)? " + MONTH + "\\.? ?,? ?" + YEAR + "|")
          + (MONTH + "\\.? " + DAY + " ?,? ?" + YEAR + ")");

  /** A word between, but none that begins another event. */
  private static final String WORD =
      "[ :,(=-]+(?!and\\b|but\\b|died\\b|issue\\b|until\\b)[\\p{L}']+";

  private static final String SUFFIX =
      "(?:street|avenue|road|lane|drive|boulevard|court|place|square|terrace|highway|parkway"
          + "|crescent|close|way|alley|gardens|grove|hill|mews|row|walk"
          + "|st|ave|rd|ln|dr|blvd|ct|pl|sq|hwy|pkwy)";

  /** Words that no name of a street holds, but a sentence does. */
  private static final Pattern SENTENCE =
      Rule.compile(
          "\\b(?:a|an|and|are|as|at|away|blocks?|but|by|can|cars?|crossed|crossing|days?|down|feet"
              + "|for|from|had|has|have|her|his|hours?|houses|in|into|is|it|its|km|kilomet(?:er|re)s?"
              + "|minutes?|met(?:er|re)s?|miles?|more|my|near|new|of|off|on|or|other|our|over|past|"
              + "people|percent|per|points?|shops?|that|their|the|there|this|to|took|two|up|walked"
              + "|was|weeks?|were|which|will|with|years?|yards?|your)\\b");

  private static final Pattern LIVES =
      Rule.compile(
          "\\b(?:address|lives?|living|lived|resid\\w+|home|deliver\\w*|ship\\w*|mail|send|sent"
              + "|moved|moving|visit|located|office|house|at)\\b");
  private static final Pattern PLACE_BEHIND =
      Rule.compile(
          "^ ?[,.]? ?(?:(?:apt|apartment|suite|unit|flat|floor|#)\\b|[a-z .'-]{2,30},? ?"
              + "(?:[a-z]{2} )?\\d{5}\\b|[a-z]{1,2}\\d[a-z\\d]? ?\\d[a-z]{2}\\b|,)");

  static final ImmutableList<Rule> RULES =
      ImmutableList.of(
          Rule.ofGroup(
              DataType.BIRTH_DATE,
              "\\b(?:(?:born|birth ?date|date of birth|d\\. ?o\\. ?b\\b\\.?|dob)\\b(?:"
                  + WORD
                  + "){0,4}|birthday\\b(?:"
                  + WORD
                  + "){0,2})[ :,(=.-]+("
                  + DATE
                  + ")(?!\\d)",
              date -> 0.95),
          // A date, then the words.
          Rule.ofGroup(
              DataType.BIRTH_DATE,
              "(?<!\\d)("
                  + DATE
                  + ") ?(?:is|was) (?:the |my |his |her )?(?:birthday|birth date|date of birth)",
              date -> 0.9),
          // A number, a name of a street, and what streets are called.
          Rule.of(
              DataType.POSTAL_ADDRESS,
              "(?<![\\w.:/$€£-])\\d{1,5}[a-z]?,? (?:[nsew]\\.? |north |south |east |west )?"
                  + "(?:\\d{1,3}(?:st|nd|rd|th) |(?:[\\p{L}'.-]{2,20} ){1,3}?)"
                  + SUFFIX
                  + "\\b",
              PersonRules::street),
          // German and Dutch: the number comes last.
          Rule.of(
              DataType.POSTAL_ADDRESS,
              "(?<!\\w)[\\p{L}-]{3,30}(?:stra(?:ß|ss)e|straat|gasse|weg|platz|allee)"
                  + " \\d{1,4}[a-z]?(?!\\w)",
              0.85),
          // British postcodes.
          Rule.of(
              DataType.POSTAL_ADDRESS,
              "(?<![\\w-])(?:[a-pr-uwyz]\\d|[a-pr-uwyz]\\d\\d|[a-pr-uwyz][a-hk-y]\\d|[a-pr-uwyz][a-hk-y]\\d\\d|[a-pr-uwyz]\\d[a-hjkpstuw]|[a-pr-uwyz][a-hk-y]\\d[abehmnprvwxy])"
                  + " \\d[abd-hjlnp-uw-z]{2}(?![\\w-])",
              0.75),
          Rule.of(DataType.POSTAL_ADDRESS, "\\bp\\.? ?o\\.? ?box \\d{1,6}\\b", 0.9),
          // Place, state and ZIP code.
          Rule.of(
              DataType.POSTAL_ADDRESS,
              "\\b[\\p{L}.' -]{3,30},"
                  + " ?(?:al|ak|az|ar|ca|co|ct|de|dc|fl|ga|hi|id|il|in|ia|ks|ky|la|me|md|ma"
                  + "|mi|mn|ms|mo|mt|ne|nv|nh|nj|nm|ny|nc|nd|oh|ok|or|pa|ri|sc|sd|tn|tx|ut|vt|va|wa|wv|wi|wy)"
                  + " \\d{5}(?:-\\d{4})?(?![\\w-])",
              0.9));

  private PersonRules() {}

  private static double street(Candidate address) {
    Matcher sentence = SENTENCE.matcher(address.value());
    if (sentence.find()) {
      return 0;
    }
    boolean placed = PLACE_BEHIND.matcher(address.text().substring(address.end())).find();
    if (placed || address.isAfter(LIVES)) {
      return 0.9;
    }
    // In capitals a name of a street is one; in lower case it may be a sentence.
    boolean capitals = address.value().chars().filter(Character::isUpperCase).count() >= 2;
    return capitals ? 0.8 : 0.5;
  }
}
