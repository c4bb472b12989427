package io.vec2text.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SpendingTest {
  private final FakeEndpoint endpoint = new FakeEndpoint();

  @AfterEach
  void stop() {
    endpoint.close();
  }

  /** At a price of 1 a token, counted by characters and billed by words. */
  private OpenAiEmbedder open(double cap) {
    return Embedders.of(endpoint)
        .tokenCounter(String::length)
        .pricePerMillionTokens(1e6)
        .spendingCap(cap)
        .maxTextsPerRequest(1)
        .open();
  }

  @Test
  void aRequestThatCouldExceedTheCapIsNotSent() {
    try (OpenAiEmbedder embedder = open(9)) {
      embedder.embed(List.of("ab c", "d e f"));
      assertThat(embedder.usage()).isEqualTo(new Usage(2, 2, 5, 5, 0));
      SpendingCapException e =
          catchThrowableOfType(
              SpendingCapException.class, () -> embedder.embed(List.of("a", "abcd")));
      assertThat(e)
          .hasMessage(
              "the next request could cost 4.000000, but 6.000000 of the spending cap of 9.000000"
                  + " is spent");
      assertThat(e.spent()).isEqualTo(6);
      assertThat(e.cap()).isEqualTo(9);
      assertThat(e.next()).isEqualTo(4);
      embedder.embed(List.of("abc"));
      assertThat(embedder.usage()).isEqualTo(new Usage(4, 4, 7, 7, 0));
    }
    assertThat(endpoint.requests()).hasSize(4);
  }

  @Test
  void whatIsNotStatedCountsAsTheMostItCanBe() {
    endpoint.always(
        (request, exchange) ->
            FakeEndpoint.json(exchange, 200, endpoint.answer(request).without("usage")));
    try (OpenAiEmbedder embedder = open(100)) {
      embedder.embed(List.of("a dog"));
      assertThat(embedder.usage()).isEqualTo(new Usage(1, 1, 5, 5, 0));
    }
  }

  @Test
  void anAnswerOfNoUseIsPaidFor() {
    endpoint.then(FakeEndpoint.status(200, "{}"));
    try (OpenAiEmbedder embedder = open(100)) {
      assertThatExceptionOfType(EndpointException.class)
          .isThrownBy(() -> embedder.embed(List.of("a dog")));
      assertThat(embedder.usage()).isEqualTo(new Usage(1, 0, 5, 5, 0));
    }
  }

  @Test
  void aRefusedRequestIsFree() {
    endpoint.then(FakeEndpoint.status(404, ""));
    try (OpenAiEmbedder embedder = open(100)) {
      assertThatExceptionOfType(EndpointException.class)
          .isThrownBy(() -> embedder.embed(List.of("a dog")));
      assertThat(embedder.usage()).isEqualTo(new Usage(1, 0, 0, 0, 0));
    }
  }

  @Test
  void requestsInFlightKeepTheCapTogether() {
    Ledger ledger = new Ledger(10, 1e6);
    ledger.reserve(6);
    assertThat(catchThrowableOfType(SpendingCapException.class, () -> ledger.reserve(5)).spent())
        .isEqualTo(6);
    ledger.settle(6, 2);
    ledger.reserve(8);
  }

  @Test
  void aFreeEndpointHasRoomForAll() {
    try (OpenAiEmbedder embedder =
        Embedders.of(endpoint).pricePerMillionTokens(0).spendingCap(0).open()) {
      embedder.embed(List.of("a dog"));
      assertThat(embedder.usage().money()).isZero();
    }
  }
}
