package io.vec2text.audit.detect;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A kind of data that must not leak.
 *
 * @param id what reports call it: lower-case words with hyphens between, for example {@code
 *     payment-card}
 * @param title the same for people
 * @param harm how bad it is if a value of this kind becomes known, in [0, 1]
 * @param chance the share of wrong values that pass the kind's own check all the same: 1 if it has
 *     none, 0.1 for one check digit
 */
public record DataType(String id, String title, double harm, double chance) {
  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

  /** The whole text, word for word, whatever it holds. */
  public static final DataType FULL_TEXT = new DataType("full-text", "whole text", 0.3, 1);

  /** An e-mail address. */
  public static final DataType EMAIL = new DataType("email", "e-mail address", 0.6, 1);

  /** A telephone number. */
  public static final DataType PHONE = new DataType("phone", "telephone number", 0.6, 1);

  /** An international bank account number (ISO 13616), its check digits right. */
  public static final DataType IBAN = new DataType("iban", "bank account (IBAN)", 0.9, 1 / 97.0);

  /** The number of a payment card (ISO/IEC 7812), its check digit right. */
  public static final DataType PAYMENT_CARD =
      new DataType("payment-card", "payment card number", 1, 0.1);

  /** A social security number of the United States. */
  public static final DataType US_SSN =
      new DataType("us-ssn", "US social security number", 0.95, 1);

  /** A national insurance number of the United Kingdom. */
  public static final DataType UK_NINO =
      new DataType("uk-nino", "UK national insurance number", 0.9, 1);

  /** A date of birth of somebody born after 1899. */
  public static final DataType BIRTH_DATE = new DataType("birth-date", "date of birth", 0.7, 1);

  /** A postal address, at least its street and number or its postcode. */
  public static final DataType POSTAL_ADDRESS =
      new DataType("postal-address", "postal address", 0.65, 1);

  /** An IPv4 or IPv6 address. */
  public static final DataType IP_ADDRESS = new DataType("ip-address", "IP address", 0.4, 1);

  /** A URL that holds a password. */
  public static final DataType URL_CREDENTIALS =
      new DataType("url-credentials", "URL with credentials", 1, 1);

  /** A password or PIN that is given as one. */
  public static final DataType PASSWORD = new DataType("password", "password", 1, 1);

  /** A key or token of a service, or a private key. */
  public static final DataType SECRET_KEY = new DataType("secret-key", "secret key or token", 1, 1);

  /** A person's given name and surname. */
  public static final DataType PERSON_NAME = new DataType("person-name", "person's name", 0.4, 1);

  /** A record that the source system has deleted, whatever it holds. */
  public static final DataType DELETED_RECORD =
      new DataType("deleted-record", "deleted record still stored", 0.7, 1);

  private static final List<DataType> BUILT_IN =
      List.of(
          EMAIL,
          PHONE,
          IBAN,
          PAYMENT_CARD,
          US_SSN,
          UK_NINO,
          BIRTH_DATE,
          POSTAL_ADDRESS,
          IP_ADDRESS,
          URL_CREDENTIALS,
          PASSWORD,
          SECRET_KEY,
          PERSON_NAME);

  /** Checks the arguments. */
  public DataType {
    requireNonNull(title, "title");
    checkArgument(
        ID.matcher(id).matches(), "id must be lower-case words with hyphens, was \"%s\"", id);
    checkArgument(harm >= 0 && harm <= 1, "harm must be in [0, 1], was %s", harm);
    checkArgument(chance > 0 && chance <= 1, "chance must be in (0, 1], was %s", chance);
  }

  /** The kinds that the built-in rules find. */
  public static List<DataType> builtIn() {
    return BUILT_IN;
  }
}
