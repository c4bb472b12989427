package io.vec2text.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HfTokenizationTest {
  private static Path file;
  private static HfTokenization tokenizer;

  @TempDir Path folder;

  @BeforeAll
  static void open() {
    file = ModelPackage.onClassPath("all-MiniLM-L6-v2").file("all-minilm-l6-v2-tokenizer.json");
    tokenizer = HfTokenization.open(file);
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  private static int[] encode(String text) {
    return tokenizer.encode(List.of(text)).get(0);
  }

  @Test
  void knowsTheSpecialTokens() {
    assertThat(tokenizer.before()).containsExactly(101);
    assertThat(tokenizer.after()).containsExactly(102);
  }

  @Test
  void aPieceThatContinuesAWordIsNamedWithItsMark() {
    assertThat(Arrays.stream(encode("bed embedding ##")).mapToObj(tokenizer::name))
        .containsExactly("bed", "em", "##bed", "##ding", "#", "#");
  }

  @Test
  void encodesWithoutThem() {
    assertThat(encode("Hello, Wörld!")).containsExactly(7592, 1010, 2088, 999);
    assertThat(encode("")).isEmpty();
    assertThat(encode("a ".repeat(1000))).hasSize(1000).containsOnly(1037);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Hello , WORLD ! | hello, world!",
        "Don't! It's John's, they'll; we've? (Yes: 5%) | don't! it's john's, they'll; we've? (yes:"
            + " 5%)",
        "do n't stop | do n't stop",
        "the dogs' tails and 'quotes' | the dogs ' tails and ' quotes '",
        "state - of-the-art and/or twenty-one | state-of-the-art and/or twenty-one",
        "3.5 to 1,200,000 at 12:30 in 1995, 20 of 3. | 3.5 to 1,200,000 at 12:30 in 1995, 20 of 3.",
        "a.b, x - | a. b, x -",
        "$5  [x] \"a\" | $5 [ x ] \" a \"",
        "naïve tokenization CAFÉ | naive tokenization cafe",
        "' s | ' s",
      })
  void decodesReadably(String text, String decoded) {
    assertThat(tokenizer.decode(encode(text))).isEqualTo(decoded);
  }

  @Test
  void whatItDecodesHasTheSameTokensAgain() {
    List<String> texts = TestTexts.all();

    List<int[]> tokens = tokenizer.encode(texts);
    List<String> decoded = tokens.stream().map(tokenizer::decode).toList();

    assertThat(texts).hasSizeGreaterThan(1200);
    assertThat(tokenizer.encode(decoded)).containsExactlyElementsOf(tokens);
  }

  @Test
  void decodesWhatNoTextEncodesTo() {
    assertThat(tokenizer.decode(new int[] {})).isEmpty();
    // ##ing first; then a special token
    assertThat(tokenizer.decode(new int[] {2075, 7592, 2075, 102})).isEqualTo("ing helloing [SEP]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tokenizer.decode(new int[] {30522}))
        .withMessage("token must be from 0 to 30521, was 30522");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tokenizer.decode(new int[] {-1}))
        .withMessageContaining("was -1");
  }

  @Test
  void loneSurrogatesDoNoHarm() {
    assertThat(encode("lone \ud800 half")).isEqualTo(encode("lone half"));
  }

  @Test
  void loadingReachesForNoNetwork() {
    List<URI> asked = new ArrayList<>();
    ProxySelector before = ProxySelector.getDefault();
    ProxySelector.setDefault(
        new ProxySelector() {
          @Override
          public List<Proxy> select(URI uri) {
            asked.add(uri);
            return List.of(Proxy.NO_PROXY);
          }

          @Override
          public void connectFailed(URI uri, SocketAddress address, IOException e) {}
        });
    try {
      HfTokenization.open(file).close();
    } finally {
      ProxySelector.setDefault(before);
    }

    assertThat(asked).isEmpty();
    assertThat(ai.djl.util.Utils.isOfflineMode()).isTrue();
    assertThat(ai.djl.util.Utils.getEnvOrSystemProperty("RUST_FLAVOR")).isEqualTo("cpu");
  }

  @Test
  void afterCloseItIsClosed() {
    HfTokenization closed = HfTokenization.open(file);
    closed.close();
    closed.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> closed.encode(List.of("a")))
        .withMessageEndingWith("tokenizer.json is closed");
  }

  @Test
  void missingOrDamagedTokenizersAreRefused() throws IOException {
    Path cut = folder.resolve("cut.json");
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> HfTokenization.open(cut))
        .withMessageContaining("cut.json");
    for (String content : List.of("", "{}", Files.readString(file).substring(0, 5000))) {
      Files.writeString(cut, content);

      assertThatExceptionOfType(ModelFormatException.class)
          .isThrownBy(() -> HfTokenization.open(cut))
          .withMessageContaining("cut.json");
    }
  }

  /** Words, unknown ones, much too long ones, and others' letters, at random. */
  private static String longText(Random random) {
    StringBuilder text = new StringBuilder();
    String[] pieces = {
      "a", "\u00e9", "9", "\u0434", "\u4e2d", "!", "\u0301", "\ud83d\ude00", "[MASK]", "\t"
    };
    int length = random.nextInt(1, 40_000);
    while (text.length() < length) {
      String piece = pieces[random.nextInt(pieces.length)];
      text.append(piece.repeat(1 << random.nextInt(random.nextInt(1, 16))));
      text.append(random.nextInt(4) == 0 ? " " : "");
    }
    return text.toString();
  }

  @Test
  void theBeginOfALongTextHasTheTokensOfTheWhole() {
    Random random = new Random(25);
    for (int i = 0; i < 60; i++) {
      String text = longText(random);
      int most = random.nextInt(1, 600);
      int[] whole = encode(text);
      int[] begin = tokenizer.encodeFirst(List.of(text), most).get(0);
      int common = Math.min(most, whole.length);
      assertThat(Arrays.copyOf(begin, Math.min(most, begin.length)))
          .isEqualTo(Arrays.copyOf(whole, common));
    }
  }

  @Test
  void aWordOfTwentyMillionLettersTakesNoTime() {
    String text = "before " + "x".repeat(20_000_000) + " after";
    long start = System.nanoTime();
    assertThat(tokenizer.encodeFirst(List.of(text), 254).get(0))
        .isEqualTo(encode("before " + "x".repeat(101) + " after"));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }
}
