package io.vec2text.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.vec2text.Embedder;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A decorator keeps every ability of what it decorates, those added later included. */
class ForwardingTest {
  static Stream<Method> methods() {
    return Stream.of(Corrector.class, Embedder.class)
        .flatMap(type -> Arrays.stream(type.getMethods()))
        .filter(m -> !Modifier.isStatic(m.getModifiers()));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void everyMethodIsForwarded(Method method) throws NoSuchMethodException {
    Class<?> forwarding =
        method.getDeclaringClass() == Embedder.class
            ? ForwardingEmbedder.class
            : ForwardingCorrector.class;
    assertThat(
            forwarding.getMethod(method.getName(), method.getParameterTypes()).getDeclaringClass())
        .isEqualTo(forwarding);
  }
}
