package io.vec2text.audit.detect;

import com.google.common.collect.ImmutableList;
import com.google.common.net.InetAddresses;
import io.vec2text.audit.detect.Rule.Candidate;
import java.util.regex.Pattern;

/** Addresses of the Internet. */
final class InternetRules {
  private static final String OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final Pattern VERSION =
      Rule.compile("\\b(?:version|release|v|build|firmware|section|chapter|revision|rev)[. ]*$");

  private static final String LOCAL = "(?<![\\w.%-])[\\p{L}\\d_][\\p{L}\\d._%+'-]{0,63}@";

  /** Only known ends of host names tell where an address ends and the next sentence begins. */
  private static final String TOP =
      "(?:(?:co|org|ac|gov)\\.(?:uk|jp|nz|za|in|kr|il)|com\\.(?:au|br|mx|tr|cn|sg|ar|hk)"
          + "|com|org|net|edu|gov|mil|int|info|biz|app|dev|cloud|online|[a-z]{2})";

  /** For texts as they are. */
  static final Rule EMAIL =
      Rule.of(DataType.EMAIL, LOCAL + "(?:[\\p{L}\\d-]{1,63}\\.){1,5}[a-z]{2,24}(?![\\w-])", 0.99);

  /** For tightened texts. */
  static final Rule TIGHTENED_EMAIL =
      Rule.of(DataType.EMAIL, LOCAL + "(?:[\\p{L}\\d-]{1,63}\\.){1,5}?" + TOP + "(?![\\w-])", 0.98);

  static final ImmutableList<Rule> RULES =
      ImmutableList.of(
          Rule.of(
              DataType.URL_CREDENTIALS,
              "\\b[a-z][a-z0-9+.-]{1,20}://[^\\s/:@]{1,64}:[^\\s/@]{1,128}@[\\p{L}\\d.-]+[\\p{L}\\d]",
              0.99),
          Rule.of(
              DataType.IP_ADDRESS,
              "(?<![\\w.])" + OCTET + "(?:\\." + OCTET + "){3}(?!\\w)(?!\\.\\d)",
              InternetRules::ipv4),
          Rule.of(
              DataType.IP_ADDRESS,
              "(?<![\\w:.])(?=[0-9a-f:]*:[0-9a-f:]*:)[0-9a-f:]{4,39}(?![\\w:])",
              InternetRules::ipv6));

  private InternetRules() {}

  private static double ipv4(Candidate address) {
    String value = address.value();
    boolean special =
        value.startsWith("127.")
            || value.startsWith("0.")
            || value.startsWith("255.")
            || value.equals("1.2.3.4");
    return special || address.isAfter(VERSION) ? 0 : 0.9;
  }

  private static double ipv6(Candidate address) {
    String value = address.value();
    boolean says = value.chars().anyMatch(c -> c != ':' && c != '0' && c != '1');
    return says && InetAddresses.isInetAddress(value) ? 0.95 : 0;
  }
}
