package io.vec2text.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.primitives.Floats;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What the endpoint answered.
 *
 * @param vectors one a text of the request, in their order; dimensions and components as they came
 * @param tokens the tokens billed, if stated
 */
record Answer(List<float[]> vectors, OptionalLong tokens) {
  private static final ObjectReader READER =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          // So that a NaN is reported as what it is, and not as broken JSON.
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build()
          .readerFor(Body.class);

  private record Body(@Nullable List<@Nullable Item> data, @Nullable Bill usage) {}

  // Only read, never compared.
  @SuppressWarnings("ArrayRecordComponent")
  private record Item(
      @Nullable Integer index,
      @JsonDeserialize(using = VectorDeserializer.class) float @Nullable [] embedding) {}

  private record Bill(@JsonProperty("total_tokens") @Nullable Long totalTokens) {}

  /**
   * Reads the body of a successful answer to a request of so many texts.
   *
   * @throws IOException if it is no JSON of the expected form, or holds not one vector for each
   */
  static Answer read(byte[] json, int texts) throws IOException {
    Body body = READER.readValue(json);
    List<@Nullable Item> data = body == null ? null : body.data;
    if (data == null) {
      throw new IOException("no data, expected " + texts + " vectors");
    }
    if (data.size() != texts) {
      throw new IOException(data.size() + " vectors, expected " + texts);
    }
    float[][] vectors = new float[texts][];
    for (int i = 0; i < texts; i++) {
      Item item = data.get(i);
      if (item == null || item.embedding == null) {
        throw new IOException("no embedding in item " + i);
      }
      // Some servers leave the index out; their items are in order.
      int index = item.index == null ? i : item.index;
      if (index < 0 || index >= texts || vectors[index] != null) {
        throw new IOException(
            "index "
                + index
                + " in item "
                + i
                + ", expected each of 0 to "
                + (texts - 1)
                + " once");
      }
      vectors[index] = item.embedding;
    }
    Long total = body.usage == null ? null : body.usage.totalTokens;
    return new Answer(
        List.of(vectors),
        total == null || total < 0 ? OptionalLong.empty() : OptionalLong.of(total));
  }

  /** Reads a vector as the endpoint gives it: an array of numbers, or float32 in base64. */
  private static final class VectorDeserializer extends StdDeserializer<float[]> {
    private static final long serialVersionUID = 1;

    VectorDeserializer() {
      super(float[].class);
    }

    @Override
    public float[] deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      if (parser.hasToken(JsonToken.VALUE_STRING)) {
        byte[] bytes = parser.getBinaryValue();
        if (bytes.length % Float.BYTES != 0) {
          throw new IOException(bytes.length + " bytes of base64, expected 4 a component");
        }
        float[] vector = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        return vector;
      }
      if (!parser.isExpectedStartArrayToken()) {
        throw new IOException(
            "an embedding of type " + parser.currentToken() + ", expected numbers or base64");
      }
      List<Float> components = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        components.add(parser.getFloatValue());
      }
      return Floats.toArray(components);
    }
  }
}
