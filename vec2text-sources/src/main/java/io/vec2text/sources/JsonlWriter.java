package io.vec2text.sources;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.util.Optional;

/** Writes JSON lines. */
final class JsonlWriter extends VectorWriter {
  private final FileChannel channel;
  private final JsonGenerator json;

  JsonlWriter(FileChannel channel, int dimension) throws IOException {
    super(dimension);
    this.channel = channel;
    json = new JsonFactory().createGenerator(Channels.newOutputStream(channel));
    json.setPrettyPrinter(new MinimalPrettyPrinter("\n"));
  }

  @Override
  void append(float[] vector, Optional<String> id) throws IOException {
    json.writeStartObject();
    if (id.isPresent()) {
      json.writeStringField("id", id.get());
    }
    json.writeArrayFieldStart("embedding");
    for (float v : vector) {
      json.writeNumber(v);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  @Override
  public void finish() throws IOException {
    json.writeRaw('\n');
    json.flush();
    channel.force(true);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
