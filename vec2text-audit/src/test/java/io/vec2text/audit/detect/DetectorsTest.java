package io.vec2text.audit.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DetectorsTest {
  private final Detectors detectors = Detectors.standard();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "email | mail john . smith @ example . com now | john . smith @ example . com",
        "email | mail john. smith @ example. com. he waits | john. smith @ example. com",
        "email | see below. john@example.com is new | john@example.com",
        "phone | call + 44 20 7946 0018 | + 44 20 7946 0018",
        "phone | call ( 212 ) 555 - 0100 now | ( 212 ) 555 - 0100",
        "payment-card | pay 4111 1111 1111 1111 . | 4111 1111 1111 1111",
        "iban | to gb29 nwbk 6016 1331 9268 19 today | gb29 nwbk 6016 1331 9268 19",
        "us-ssn | my ssn is 123 - 45 - 6789 . | 123 - 45 - 6789",
        "uk-nino | her ni number is ab 12 34 56 c . | ab 12 34 56 c",
        "birth-date | anna was born on 3 / 4 / 1985 . | 3 / 4 / 1985",
        "birth-date | d . o . b . 4 may 1985 | 4 may 1985",
        "postal-address | lives at 12 old mill road , leeds ls2 9jt . | 12 old mill road , leeds"
            + " ls2 9jt",
        "ip-address | host 192 . 168 . 1 . 10 is down | 192 . 168 . 1 . 10",
        "ip-address | from 2001:db8::ff00:42:8329 | 2001:db8::ff00:42:8329",
        "url-credentials | open https : / / bob : pw1 @ db . example . com | https : / / bob : pw1"
            + " @ db . example . com",
        "password | the password is hunter2. | hunter2.",
        "password | your pin is 4711 . | 4711",
        "secret-key | use akiaiosfodnn7example . | akiaiosfodnn7example",
        "secret-key | use ghp _ 16c7e42f292c6912e7710c838347ae178b4a now | ghp _"
            + " 16c7e42f292c6912e7710c838347ae178b4a",
        "secret-key | - - - - - begin rsa private key - - - - - | - - - - - begin rsa private key -"
            + " - - - -",
        "person-name | ask jennifer miller about it | jennifer miller"
      })
  void findsValuesInNormalForm(String type, String text, String value) {
    List<Detection> found = detectors.detect(text);
    assertThat(found).as(text).hasSize(1);
    assertThat(found.get(0).type().id()).isEqualTo(type);
    assertThat(text.substring(found.get(0).start(), found.get(0).end())).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "the password is required.",
        "he was born in oslo and died on 3 may 1985.",
        "mozart was born on 27 january 1756.",
        "version 1.2.3.4 is out.",
        "127.0.0.1 is home.",
        "at 12:30:45 it rang.",
        "4111 1111 1111 1112 is no card number.",
        "gb29 nwbk 6016 1331 9268 18 is no account.",
        "078-05-1120 was on a wallet.",
        "3 people crossed the road.",
        "will smith walk"
      })
  void leavesTheRestAlone(String text) {
    assertThat(detectors.detect(text)).isEmpty();
  }

  @Test
  void theLongestOfOverlappingPlacesStays() {
    assertThat(detectors.detect("see ftp://bob:pw1@files.example.com/x"))
        .extracting(d -> d.type())
        .containsExactly(DataType.URL_CREDENTIALS);
  }

  @Test
  void takesDetectorsOfOthers() {
    assertThat(detectors.types()).contains(BadgeDetector.BADGE).containsAll(DataType.builtIn());
    assertThat(detectors.detect("badge B-1234 was lost"))
        .containsExactly(new Detection(BadgeDetector.BADGE, 6, 12, 0.9));
  }

  @Test
  void longTextsDoNotTakeForever() {
    for (String part : List.of("a.b@", "1 2", "eyj", "a ", "born ", "1 main ", "::", "- ")) {
      String text = part.repeat(20_000);
      long start = System.nanoTime();
      detectors.detect(text);
      assertThat((System.nanoTime() - start) / 1e9).as(part).isLessThan(20);
    }
  }
}
