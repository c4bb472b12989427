package io.vec2text.lm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vec2text.onnx.Device;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The toy language model of {@code training/tools/lm_toy.py}. */
final class Toy {
  static final Path FOLDER = folder();

  private Toy() {}

  private static Path folder() {
    try {
      return Path.of(Objects.requireNonNull(Toy.class.getResource("toy/manifest.json")).toURI())
          .getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static CausalModel open() {
    return CausalModel.open(LanguageModelPackage.open(FOLDER), Device.CPU, 1);
  }

  static List<String> prompts() throws IOException {
    return Files.readAllLines(FOLDER.resolve("prompts.txt"));
  }

  /** A prompt and what PyTorch makes of it. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Expected(String prompt, int[] ids, float[] state, double[] logProbabilities) {}

  static List<Expected> expected() throws IOException {
    List<Expected> all = new ArrayList<>();
    for (JsonNode row :
        new ObjectMapper().readTree(Files.readAllBytes(FOLDER.resolve("expected.json")))) {
      float[] state = new float[row.path("state").size()];
      for (int i = 0; i < state.length; i++) {
        state[i] = (float) row.path("state").get(i).asDouble();
      }
      double[] logs = new double[row.path("logProbabilities").size()];
      for (int i = 0; i < logs.length; i++) {
        logs[i] = row.path("logProbabilities").get(i).asDouble();
      }
      int[] ids = new int[row.path("ids").size()];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = row.path("ids").get(i).asInt();
      }
      all.add(new Expected(row.path("prompt").asText(), ids, state, logs));
    }
    return all;
  }
}
