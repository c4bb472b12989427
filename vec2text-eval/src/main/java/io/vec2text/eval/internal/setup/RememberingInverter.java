package io.vec2text.eval.internal.setup;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionListener;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import io.vec2text.StopReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Inverts each vector once: an attack that undoes a defence wholly comes to the vectors that were
 * inverted without it, and a run that goes on after a kill to those of before. For one thread, and
 * for options that do not change but for listener and cancellation.
 */
public final class RememberingInverter implements Inverter {
  private final Inverter inverter;
  private final Map<String, InversionResult> known = new HashMap<>();
  private final @Nullable Journal journal;

  /** Remembers what an inverter finds, which is not closed with this. */
  public RememberingInverter(Inverter inverter) {
    this(inverter, null);
  }

  private RememberingInverter(Inverter inverter, @Nullable Journal journal) {
    this.inverter = inverter;
    this.journal = journal;
  }

  /**
   * Remembers what an inverter finds, on disk if a folder is given. The inverter is not closed with
   * this.
   *
   * @param folder of the files
   * @param name what to call the file
   * @param conditions all that results depend on but the vectors
   * @throws IOException if the file can't be read or written
   */
  public static RememberingInverter open(
      Inverter inverter, Optional<Path> folder, String name, String conditions) throws IOException {
    if (folder.isEmpty()) {
      return new RememberingInverter(inverter);
    }
    Journal journal = Journal.open(folder.get(), name, conditions);
    boolean read = false;
    try {
      RememberingInverter opened = new RememberingInverter(inverter, journal);
      opened.known.putAll(journal.read());
      read = true;
      return opened;
    } finally {
      if (!read) {
        journal.close();
      }
    }
  }

  @Override
  public EmbeddingSpace space() {
    return inverter.space();
  }

  @Override
  public List<Outcome> invertAll(List<float[]> vectors, InversionOptions options) {
    List<String> keys = vectors.stream().map(RememberingInverter::key).toList();
    List<Integer> indices = new ArrayList<>();
    Outcome[] outcomes = new Outcome[vectors.size()];
    for (int i = 0; i < outcomes.length; i++) {
      InversionResult result = known.get(keys.get(i));
      if (result == null) {
        indices.add(i);
      } else {
        outcomes[i] = Outcome.of(result);
        options.listener().finished(i, outcomes[i]);
      }
    }
    if (indices.isEmpty()) {
      return List.of(outcomes);
    }
    InversionListener listener =
        (i, outcome) -> {
          remember(keys.get(indices.get(i)), outcome);
          options.listener().finished(indices.get(i), outcome);
        };
    List<Outcome> found =
        inverter.invertAll(
            indices.stream().map(vectors::get).toList(),
            options.toBuilder().listener(listener).build());
    for (int i = 0; i < found.size(); i++) {
      outcomes[indices.get(i)] = found.get(i);
    }
    return List.of(outcomes);
  }

  private void remember(String key, Outcome outcome) {
    Optional<InversionResult> result =
        outcome.result().filter(r -> r.stop() != StopReason.CANCELLED);
    if (result.isEmpty() || known.putIfAbsent(key, result.get()) != null || journal == null) {
      return;
    }
    try {
      journal.write(key, result.get());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String key(float[] vector) {
    Hasher hasher = Hashing.sha256().newHasher();
    for (float x : vector) {
      hasher.putFloat(x);
    }
    return hasher.hash().toString();
  }

  @Override
  public void close() {
    if (journal != null) {
      try {
        journal.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
