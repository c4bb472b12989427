package io.vec2text.audit.detect;

import static java.util.Map.entry;

import com.google.common.collect.ImmutableMap;
import io.vec2text.InversionResult.WordProbability;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Suspects kinds of personal data and secrets by single words that texts with such data hold. Words
 * predicted from a vector say what a text is about, not which value is in it, so that a suspicion
 * is no finding. For English.
 */
public final class WordCues {
  private static final Pattern NUMBER = Pattern.compile("(?:##)?\\d+");

  /** Pieces of what is no word; single letters that words end or begin with are none. */
  private static final Pattern PIECE = Pattern.compile("(?:##)?(?:\\d|[b-hj-ln-rt-z])");

  /** Pieces from which on a text probably holds a string of them. */
  private static final double PIECES = 4;

  private static final ImmutableMap<DataType, Cues> CUES =
      ImmutableMap.ofEntries(
          entry(DataType.EMAIL, Cues.of("@ email emails gmail hotmail yahoo outlook", "mail")),
          entry(
              DataType.PHONE,
              Cues.of("telephone dial fax cellphone tel", "phone mobile call calls ring number")),
          entry(
              DataType.IBAN, Cues.of("iban", "account bank transfer payment donation salary paid")),
          entry(
              DataType.PAYMENT_CARD,
              Cues.of("visa mastercard amex cvv", "card credit debit payment")),
          entry(DataType.US_SSN, Cues.of("ssn", "social ss")),
          entry(DataType.UK_NINO, Cues.of("nino", "insurance")),
          entry(DataType.BIRTH_DATE, Cues.of("birthday dob", "birth born")),
          entry(
              DataType.POSTAL_ADDRESS,
              Cues.of(
                  "avenue apartment postcode zip",
                  "street road lane drive boulevard address delivered lives moved")),
          entry(DataType.IP_ADDRESS, Cues.of("ip firewall", "server host network attack block")),
          entry(DataType.URL_CREDENTIALS, Cues.of("postgres mysql ftp ssh http https url", "")),
          entry(
              DataType.PASSWORD,
              Cues.of("password passwords passcode passphrase pin", "login code")),
          entry(
              DataType.SECRET_KEY,
              Cues.of("api token tokens credentials aws", "key keys secret access")));

  private WordCues() {}

  /**
   * Words of a kind.
   *
   * @param alone words that count by themselves
   * @param numbered words that count as far as there are numbers, too
   */
  private record Cues(Set<String> alone, Set<String> numbered) {
    static Cues of(String alone, String numbered) {
      return new Cues(Set.of(alone.split(" ", -1)), Set.of(numbered.split(" ", -1)));
    }

    double suspicion(List<WordProbability> words, double numbers) {
      double without = 1;
      for (WordProbability word : words) {
        if (alone.contains(word.word())) {
          without *= 1 - word.probability();
        } else if (numbered.contains(word.word())) {
          without *= 1 - word.probability() * numbers;
        }
      }
      return 1 - without;
    }
  }

  /**
   * How much words make one suspect kinds of data: {@code 1 − Π (1 − w p)} over the cue words of a
   * kind, p being a word's probability, and w 1 or, of a word that is frequent without such data,
   * the probability that the text holds a number. Of a name it is the probability of a given name
   * of the list times that of a surname; of a secret key also a quarter of the number of single
   * letters and digits to be expected.
   *
   * @param words of a text, in lower case, with their probabilities
   * @return in (0, 1] by kind, for those suspected at all
   */
  public static Map<DataType, Double> suspicion(List<WordProbability> words) {
    double numbers = 1;
    double pieces = 0;
    for (WordProbability word : words) {
      numbers *= NUMBER.matcher(word.word()).matches() ? 1 - word.probability() : 1;
      pieces += PIECE.matcher(word.word()).matches() ? word.probability() : 0;
    }
    double holdsNumber = 1 - numbers;
    Map<DataType, Double> suspicion = new LinkedHashMap<>();
    CUES.forEach((type, cues) -> add(suspicion, type, cues.suspicion(words, holdsNumber)));
    add(suspicion, DataType.SECRET_KEY, Math.min(1, pieces / PIECES));
    add(suspicion, DataType.PERSON_NAME, PersonNames.suspicion(words));
    return suspicion;
  }

  private static void add(Map<DataType, Double> suspicion, DataType type, double here) {
    if (here > 0) {
      suspicion.merge(type, here, Math::max);
    }
  }
}
