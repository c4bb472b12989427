package io.vec2text.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiUrlTest {
  @Test
  void anAddressEndsWithoutASlash() {
    assertThat(ApiUrl.parse("it", "https://a.example:8080/v1/"))
        .isEqualTo(URI.create("https://a.example:8080/v1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://secret",
        "http:secret",
        "http://user:secret@host",
        "http://host?key=secret",
        "http://host#secret",
        "http://host/a secret",
        "secret"
      })
  void whatIsNoAddressIsRefusedAndNotQuoted(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ApiUrl.parse("it", url))
        .withMessage("it is not of the form http(s)://host[:port][/path]")
        .withNoCause();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://a.example",
        "http://localhost:1",
        "http://a.localhost",
        "http://127.0.0.1",
        "http://[::1]:80"
      })
  void aKeyMayGoByHttpsOrToThisMachine(String url) {
    ApiUrl.check(URI.create(url), ApiKey.of("KEY", name -> "secret"), "https");
  }

  @Test
  void aKeyGoesNowhereUnencrypted() {
    URI uri = URI.create("http://a.example");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ApiUrl.check(uri, ApiKey.of("KEY", name -> "secret"), "https"))
        .withMessage("a key would go unencrypted to http://a.example, expected https");
    ApiUrl.check(uri, null, "https");
  }
}
