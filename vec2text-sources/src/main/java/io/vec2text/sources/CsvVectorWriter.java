package io.vec2text.sources;

import static com.google.common.base.Preconditions.checkArgument;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Writes CSV; the first vector decides whether there is a column of ids. */
final class CsvVectorWriter extends VectorWriter {
  private final FileChannel channel;
  private final CsvWriter csv;
  private boolean ids;

  CsvVectorWriter(FileChannel channel, int dimension) {
    super(dimension);
    this.channel = channel;
    csv =
        CsvWriter.builder()
            .lineDelimiter(LineDelimiter.LF)
            .build(Channels.newWriter(channel, StandardCharsets.UTF_8));
  }

  @Override
  void append(float[] vector, Optional<String> id) throws IOException {
    if (rows() == 0 && id.isPresent()) {
      ids = true;
      writeHeader();
    }
    checkArgument(ids || id.isEmpty(), "the first vector had no id, this one has");
    String[] fields = new String[vector.length + (ids ? 1 : 0)];
    int n = 0;
    if (ids) {
      fields[n++] = id.orElse("");
    }
    for (float v : vector) {
      fields[n++] = Float.toString(v);
    }
    csv.writeRecord(fields);
  }

  private void writeHeader() {
    String[] names = new String[dimension() + 1];
    names[0] = "id";
    for (int i = 0; i < dimension(); i++) {
      names[i + 1] = "d" + i;
    }
    csv.writeRecord(names);
  }

  @Override
  public void finish() throws IOException {
    csv.flush();
    channel.force(true);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
