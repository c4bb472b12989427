package io.vec2text.lm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class SurfaceFormsTest {
  private final SurfaceForms forms =
      new SurfaceForms(Map.of("i", "I", "i'm", "I'm", "french", "French", "nasa", "NASA"), true);

  @Test
  void wordsGetTheirUsualFormAndSentencesACapital() {
    assertThat(forms.apply("am i french? yes. i'm from nasa's \"paris\""))
        .isEqualTo("Am I French? Yes. I'm from nasa's \"paris\"");
    assertThat(forms.apply("the 3.5 version of e.g. nasa")).isEqualTo("The 3.5 version of e.g. NASA");
    assertThat(forms.apply("")).isEmpty();
  }

  @Test
  void theUsualFormIsItsOwn() {
    String once = forms.apply("IS IT (so)? Über i and i.");
    assertThat(forms.apply(once)).isEqualTo(once);
    assertThat(once).isEqualTo("Is it (so)? Über I and I.");
  }

  @Test
  void withoutCapitalsSentencesBeginAsTheyCome() {
    assertThat(new SurfaceForms(Map.of(), false).apply("Write a Poem. Now.")).isEqualTo("write a poem. now.");
  }
}
