package io.vec2text.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vec2text.bridge.SpaceMap;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MapFileTest {
  static final SpaceMap MAP =
      new SpaceMap(
          new float[] {0.1f, 0.2f, 0.3f},
          0.5f,
          1,
          new float[][] {{1, 2, 3}},
          new float[][] {{1, 2, 3, 4}, {5, 6, 7, 8}},
          new float[] {9, 10});

  private static SpaceMap read(byte[] bytes) {
    return MapFile.read(new PackedFile("map.bin", bytes), 3, 2);
  }

  @Test
  void whatIsWrittenIsRead() {
    float[] x = {0.3f, -0.1f, 0.7f};

    assertThat(read(MapFile.write(MAP)).apply(x)).isEqualTo(MAP.apply(x));
  }

  @Test
  void whatIsNoMapOfTheSpacesIsNamed() {
    byte[] bytes = MapFile.write(MAP);
    refused(new byte[3], "map.bin is too short, expected a map");
    refused(Arrays.copyOf(bytes, 40), "map.bin has 40 bytes, expected 84");
    refused(
        ByteBuffer.wrap(bytes.clone()).putInt(0, 7).array(),
        "map.bin maps 7 components to 2, expected 3 and 2");
    refused(
        ByteBuffer.wrap(bytes.clone()).putInt(8, -1).array(),
        "map.bin has -1 landmarks, expected 0 to 65536");
    refused(
        ByteBuffer.wrap(bytes.clone()).putFloat(12, Float.NaN).array(),
        "map.bin: the scale is NaN, expected 1e-6 to 1e6");
  }

  private static void refused(byte[] bytes, String message) {
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> read(bytes))
        .withMessage(message);
  }
}
