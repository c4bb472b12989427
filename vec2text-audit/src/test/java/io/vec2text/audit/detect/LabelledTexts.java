package io.vec2text.audit.detect;

import com.google.common.io.BaseEncoding;
import io.vec2text.audit.detect.TextForm.Label;
import io.vec2text.audit.detect.TextForm.Marked;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Made-up sentences whose personal data is known, and such as look as if they held some. */
final class LabelledTexts {
  private static final Pattern SLOT = Pattern.compile("\\{([a-z0-9]+)}");

  private static final Map<String, DataType> TYPES =
      Map.ofEntries(
          Map.entry("email", DataType.EMAIL),
          Map.entry("phone", DataType.PHONE),
          Map.entry("iban", DataType.IBAN),
          Map.entry("card", DataType.PAYMENT_CARD),
          Map.entry("ssn", DataType.US_SSN),
          Map.entry("nino", DataType.UK_NINO),
          Map.entry("dob", DataType.BIRTH_DATE),
          Map.entry("address", DataType.POSTAL_ADDRESS),
          Map.entry("ip", DataType.IP_ADDRESS),
          Map.entry("url", DataType.URL_CREDENTIALS),
          Map.entry("password", DataType.PASSWORD),
          Map.entry("pin", DataType.PASSWORD),
          Map.entry("key", DataType.SECRET_KEY),
          Map.entry("name", DataType.PERSON_NAME));

  /** By kind. */
  private static final Map<String, List<String>> POSITIVE =
      Map.ofEntries(
          Map.entry(
              "email",
              List.of(
                  "You can reach {first} at {email}.",
                  "Send the report to {email} by Monday.",
                  "{email} is not on the list.",
                  "The invoice went to {email}, and nobody answered.",
                  "Contact: {email}",
                  "Please write to {email}. He will answer within a day.")),
          Map.entry(
              "phone",
              List.of(
                  "Please call me back on {phone}.",
                  "My number is {usphone}, after six.",
                  "Tel.: {intphone}",
                  "{first} asked us to ring {ukphone} tomorrow.",
                  "You can text {usphone} at any time.",
                  "The office ({intphone}) is closed on Fridays.")),
          Map.entry(
              "iban",
              List.of(
                  "Please transfer the rent to {iban}.",
                  "The refund was sent to {iban} on Monday.",
                  "IBAN: {iban}")),
          Map.entry(
              "card",
              List.of(
                  "My card {card} was charged twice.",
                  "Card number {card}, valid until 09/29.",
                  "She paid with {card}.")),
          Map.entry(
              "ssn",
              List.of(
                  "My social security number is {ssn}.",
                  "SSN: {ssn}",
                  "The applicant, {ssn}, was born abroad.",
                  "SSN {ssnspaced} belongs to the tenant.")),
          Map.entry(
              "nino",
              List.of(
                  "National insurance number {nino} was not found.", "Her NI number is {nino}.")),
          Map.entry(
              "dob",
              List.of(
                  "The patient was born on {dob}.",
                  "Date of birth: {dob}",
                  "DOB {dob}, no allergies.",
                  "{first}, born {dob}, was given 20 mg of aspirin.",
                  "Her birthday is {dob}.")),
          Map.entry(
              "address",
              List.of(
                  "She lives at {address}.",
                  "Deliver it to {address}, please.",
                  "{address} was sold last week.",
                  "Our new address is {address}.",
                  "Send the form to {postcode} by Friday.")),
          Map.entry(
              "ip",
              List.of(
                  "The server {ip} did not answer.",
                  "Login from {ip} was refused.",
                  "Requests come from {ip6}.")),
          Map.entry(
              "url",
              List.of("Connect to {url} and try again.", "The backup is at {url}.", "url = {url}")),
          Map.entry(
              "password",
              List.of(
                  "The password is {password}.",
                  "Password: {password}",
                  "The password for the router is {password}.",
                  "His password was {password}, which is weak.",
                  "Your PIN is {pin}.",
                  "The wifi password has been changed to {password}.")),
          Map.entry(
              "key",
              List.of(
                  "Use {key} for the upload.",
                  "The key is {key}.",
                  "token: {key}",
                  "She committed {key} by mistake.",
                  "api key {generic} was revoked.")),
          Map.entry(
              "name",
              List.of(
                  "{name} signed the contract.",
                  "The meeting with {name} is on Monday.",
                  "Please ask {name} about it.")));

  /** Hard ones: nothing in them is personal. */
  private static final List<String> NEGATIVE =
      List.of(
          "Please update to version {d1}.{d2}.{d1} before {month} {year}.",
          "Version {d1}.{d2}.{d2}.{d2} was released on {date}.",
          "Order {d8} was shipped on {date}.",
          "Order number {d3}-{d7}-{d7} has arrived.",
          "Invoice {d6} over {d3}.{d2} dollars is due on {date}.",
          "Tracking number {d4} {d4} {d4} {d4} {d2}.",
          "ISBN 978-{d1}-{d4}-{d4}-{d1} is out of print.",
          "The meeting is on {date} at {time} in room {d3}.",
          "The treaty was signed on {date}.",
          "The company was founded on {date} and sold in {year}.",
          "The bridge, built in {year}, was opened on {date}.",
          "The composer was born in {year} in a small town.",
          "He was born in the winter of {year} and died young.",
          "The password is required to open the file.",
          "Your password has expired, please choose a new one.",
          "The password is wrong.",
          "A password must have at least {d1} characters.",
          "The secret is patience.",
          "The token is invalid.",
          "The key is under the mat.",
          "Serial number {d4}-{d4}-{d4} does not match.",
          "Part {d3}-{d3}-{d4} is out of stock.",
          "The population was {d3},{d3} in {year}.",
          "About {d4} people walked down the street on Sunday.",
          "It took {d2} minutes to find a place to park.",
          "{d1} people crossed the road in {d2} minutes.",
          "Drive {d2} miles on the highway, then turn left.",
          "The score was {d2}-{d2} at half time.",
          "Chapter {d1}.{d1}.{d1}.{d1} describes the method.",
          "See section {d1}.{d2} of the manual.",
          "The file has {d8} bytes.",
          "The result was {d1}.{d8} with an error of 0.{d4}.",
          "Case {d2}-{d5} was closed on {date}.",
          "Coordinates {d2}.{d6}, {d2}.{d6}.",
          "Temperatures of {d2} to {d2} degrees, wind {d2} km/h.",
          "Commit {hex} broke the build.",
          "The checksum is {hex}{hex}.",
          "At {time}:{d2} the alarm went off.",
          "Flight BA{d4} departs at {time} from gate B{d2}.",
          "Mix {d3} g of flour with {d1} eggs and {d3} ml of milk.",
          "The model AB {d2} {d2} {d2} is no longer made.",
          "Call the function twice, then wait {d3} ms.",
          "Text {d1} and text {d1} differ in {d4} words.",
          "Follow @{word}{d2} for news.",
          "The ratio is {d2}:{d2}.",
          "Use foo@bar to mention a branch.",
          "Account {d4} {d4} {d4} {d4} is closed.",
          "Batch {d9} was recalled in {year}.",
          "In {month} {year}, inflation was {d1}.{d1} percent.",
          "The years {year}-{year} were quiet.");

  private final Random random;

  LabelledTexts(long seed) {
    random = new Random(seed);
  }

  /** Sentences of a kind, or without personal data for {@code none}. */
  List<Marked> of(String kind, int count) {
    List<String> templates = kind.equals("none") ? NEGATIVE : POSITIVE.get(kind);
    return IntStream.range(0, count)
        .mapToObj(i -> fill(templates.get(i % templates.size())))
        .toList();
  }

  static List<String> kinds() {
    List<String> kinds = new ArrayList<>(new TreeMap<>(POSITIVE).keySet());
    kinds.add("none");
    return kinds;
  }

  private Marked fill(String template) {
    StringBuilder text = new StringBuilder();
    List<Label> labels = new ArrayList<>();
    Matcher slot = SLOT.matcher(template);
    int end = 0;
    while (slot.find()) {
      text.append(template.substring(end, slot.start()));
      end = slot.end();
      String value = value(slot.group(1));
      DataType type = TYPES.get(base(slot.group(1)));
      if (type != null) {
        labels.add(new Label(type, text.length(), text.length() + value.length()));
      }
      text.append(value);
    }
    return new Marked(text.append(template.substring(end)).toString(), labels);
  }

  private static String base(String slot) {
    return switch (slot) {
      case "usphone", "intphone", "ukphone" -> "phone";
      case "ssnspaced" -> "ssn";
      case "postcode" -> "address";
      case "ip6" -> "ip";
      case "generic" -> "key";
      default -> slot;
    };
  }

  private String value(String slot) {
    if (slot.matches("d\\d")) {
      return digits(slot.charAt(1) - '0');
    }
    return switch (slot) {
      case "first" -> pick("Anna", "Peter", "Olga", "Hassan", "Mei", "Tom");
      case "word" -> pick("river", "daily", "market", "cloud");
      case "name" ->
          pick("Jennifer", "Michael", "Linda", "Thomas", "Susan", "Kevin", "Angela")
              + pick(" ", " ", " J. ")
              + pick("Miller", "Johnson", "Garcia", "Nguyen", "Anderson", "Okafor", "Lindqvist");
      case "email" -> email();
      case "phone" -> pick(usPhone(), intPhone(), ukPhone());
      case "usphone" -> usPhone();
      case "intphone" -> intPhone();
      case "ukphone" -> ukPhone();
      case "iban" -> iban();
      case "card" -> card();
      case "ssn" -> ssn("-");
      case "ssnspaced" -> ssn(" ");
      case "nino" -> nino();
      case "dob" -> date(1925, 85);
      case "date" -> date(1950, 75);
      case "address" -> address();
      case "postcode" -> pick("SW1A 2AA", "M13 9PL", "EH1 1YZ", "CB2 1TN", "LS2 9JT");
      case "ip" -> between(11, 223) + "." + octet() + "." + octet() + "." + between(1, 254);
      case "ip6" -> "2001:db8:" + hex(4) + "::" + hex(4) + ":" + hex(3);
      case "url" ->
          pick("https", "postgres", "ftp", "amqp")
              + "://"
              + pick("admin", "svc", "backup")
              + ":"
              + password()
              + "@"
              + pick("db", "files", "mq")
              + "."
              + pick("example.com", "example.org", "corp.example.net")
              + pick("", "/data", ":5432/main");
      case "password" -> password();
      case "pin" -> digits(4);
      case "key" -> key();
      case "generic" -> letters(12) + digits(8) + letters(12);
      case "hex" -> hex(8);
      case "year" -> String.valueOf(between(1900, 2025));
      case "month" -> month();
      case "time" -> between(10, 23) + ":" + between(10, 59);
      default -> throw new IllegalArgumentException(slot);
    };
  }

  private String email() {
    String first = pick("john", "maria", "h", "info", "olga", "j.b", "k-l");
    String last = pick("smith", "garcia", "schmidt", "lee", "okafor", "brown7");
    return first
        + pick(".", "_", "-", "")
        + last
        + "@"
        + pick("example", "mail.example", "post-box", "gmail")
        + "."
        + pick("com", "org", "co.uk", "de", "net");
  }

  private String usPhone() {
    String area = between(201, 989) + "";
    String exchange = between(201, 989) + "";
    return pick(
        "(" + area + ") " + exchange + "-" + digits(4),
        area + "-" + exchange + "-" + digits(4),
        area + "." + exchange + "." + digits(4),
        "+1 " + area + "-" + exchange + "-" + digits(4),
        area + " " + exchange + " " + digits(4));
  }

  private String intPhone() {
    return pick(
        "+44 20 " + between(7000, 8999) + " " + digits(4),
        "+49 " + between(30, 89) + " " + between(100000, 9999999),
        "+33 "
            + between(1, 9)
            + " "
            + digits(2)
            + " "
            + digits(2)
            + " "
            + digits(2)
            + " "
            + digits(2),
        "+1 (" + between(201, 989) + ") " + between(201, 989) + "-" + digits(4),
        "+47 " + digits(2) + " " + digits(2) + " " + digits(2) + " " + digits(2));
  }

  private String ukPhone() {
    return pick(
        "020 " + between(7000, 8999) + " " + digits(4),
        "01" + digits(3) + " " + between(100000, 999999),
        "07" + digits(3) + " " + between(100000, 999999));
  }

  private String iban() {
    String[] forms = {"DE18", "GB4+14", "FR23", "NL4+10", "ES20", "NO11"};
    String form = pick(forms);
    String country = form.substring(0, 2);
    String rest = form.substring(2);
    String account =
        rest.contains("+")
            ? letters(4).toUpperCase(Locale.ROOT) + digits(Integer.parseInt(rest.substring(2)))
            : digits(Integer.parseInt(rest));
    for (int check = 2; check < 99; check++) {
      String iban = country + String.format(Locale.ROOT, "%02d", check) + account;
      if (Ibans.isValid(iban)) {
        return random.nextInt(3) == 0 ? iban : iban.replaceAll("(.{4})(?!$)", "$1 ");
      }
    }
    throw new IllegalStateException();
  }

  private String card() {
    String start = pick("4", "51", "55", "2221", "34", "6011");
    int length = start.equals("34") ? 15 : 16;
    String digits = start + digits(length - 1 - start.length());
    for (int check = 0; check < 10; check++) {
      String card = digits + check;
      if (NumberRules.isLuhn(card)) {
        return switch (random.nextInt(3)) {
          case 0 -> card;
          case 1 -> card.replaceAll("(.{4})(?!$)", "$1 ");
          default -> card.replaceAll("(.{4})(?!$)", "$1-");
        };
      }
    }
    throw new IllegalStateException();
  }

  private String ssn(String separator) {
    return between(100, 665) + separator + between(10, 99) + separator + between(1000, 9999);
  }

  private String nino() {
    String prefix = pick("AB", "CE", "JG", "PW", "SR", "MY");
    String form = pick("%s %s %s %s %s", "%s%s%s%s%s", "%s%s%s%s %s");
    return String.format(
        Locale.ROOT, form, prefix, digits(2), digits(2), digits(2), pick("A", "B", "C", "D"));
  }

  private String date(int from, int years) {
    int year = from + random.nextInt(years);
    int day = between(1, 28);
    int month = between(1, 12);
    return pick(
        day + " " + month() + " " + year,
        month() + " " + day + ", " + year,
        day + "/" + month + "/" + year,
        String.format(Locale.ROOT, "%d-%02d-%02d", year, month, day),
        day + "." + month + "." + year,
        month() + " " + day + pick("st", "nd", "rd", "th") + ", " + year);
  }

  private String month() {
    return pick(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December");
  }

  private String address() {
    String street =
        pick("Maple", "Oak", "Victoria", "Mill", "Old Church", "Green Valley", "Washington", "42nd")
            + " "
            + pick("Street", "Avenue", "Road", "Lane", "Drive", "St", "Ave", "Court");
    return between(1, 9999)
        + " "
        + street
        + pick("", ", Springfield", ", Leeds LS2 9JT", ", Austin, TX 78701", ", Apt 4");
  }

  private String password() {
    return switch (random.nextInt(4)) {
      case 0 -> pick("hunter", "dragon", "sommer", "qwerty") + digits(2);
      case 1 -> letters(4) + digits(3) + letters(2);
      case 2 -> letters(1).toUpperCase(Locale.ROOT) + letters(6) + digits(1);
      default -> pick("swordfish", "letmein", "monkeybar");
    };
  }

  private String key() {
    String jwt = "eyJ" + alphanumeric(20) + ".eyJ" + alphanumeric(30) + "." + alphanumeric(40);
    return pick(
        "AKIA" + alphanumeric(16).toUpperCase(Locale.ROOT),
        "ghp_" + alphanumeric(36),
        "xoxb-" + digits(9) + digits(2) + "-" + alphanumeric(24),
        "sk_live_" + alphanumeric(24),
        jwt,
        "-----BEGIN RSA PRIVATE KEY-----");
  }

  private String alphanumeric(int n) {
    byte[] bytes = new byte[n];
    random.nextBytes(bytes);
    String all = BaseEncoding.base64().encode(bytes) + hex(n);
    return new String(all.getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII)
        .replaceAll("[^A-Za-z0-9]", "")
        .substring(0, n);
  }

  private String octet() {
    return String.valueOf(random.nextInt(256));
  }

  private int between(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }

  private String digits(int n) {
    return draw(n, i -> String.valueOf(i == 0 ? 1 + random.nextInt(9) : random.nextInt(10)));
  }

  private String letters(int n) {
    return draw(n, i -> String.valueOf((char) ('a' + random.nextInt(26))));
  }

  private String hex(int n) {
    return draw(n, i -> Integer.toHexString(i == 0 ? 10 + random.nextInt(6) : random.nextInt(16)));
  }

  private static String draw(int n, Function<Integer, String> each) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < n; i++) {
      text.append(each.apply(i));
    }
    return text.toString();
  }

  private String pick(String... of) {
    return of[random.nextInt(of.length)];
  }
}
