package io.vec2text.eval.internal.setup;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.Inverter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Under what conditions an experiment inverts: what the options of all of them have in common. */
public abstract class ExperimentOptions {
  private final InversionOptions inversion;
  private final String search;
  private final int threads;
  private final ImmutableMap<String, String> versions;
  private final @Nullable Path resume;

  /** Takes over what a builder holds. */
  protected ExperimentOptions(Builder<?> b) {
    inversion = b.inversion;
    search = b.search;
    threads = b.threads;
    versions = b.versions;
    resume = b.resume;
  }

  /**
   * The options of each inversion. Its seed is that of the whole experiment; its listener isn't
   * used.
   */
  public final InversionOptions inversion() {
    return inversion;
  }

  /** What to call the inverter in tables. */
  public final String search() {
    return search;
  }

  /** Threads that the models run on, for the provenance. */
  public final int threads() {
    return threads;
  }

  /** Versions of models and libraries, for the provenance. */
  public final Map<String, String> versions() {
    return versions;
  }

  /** Folder in which finished inversions are kept, so that a run that was killed goes on. */
  public final Optional<Path> resume() {
    return Optional.ofNullable(resume);
  }

  /**
   * An inverter that keeps what it finds in {@link #resume()}, and does not invert what it finds
   * there; without that folder, one that inverts no vector twice. It must be closed; the inverter
   * given is not closed with it.
   *
   * @param name what to call it
   * @param options the options that it will run with
   * @throws IOException if the folder can't be read or written
   */
  public final Inverter resumable(String name, Inverter inverter, InversionOptions options)
      throws IOException {
    EmbeddingSpace space = inverter.space();
    String conditions =
        String.join(
            "\n",
            name,
            space.modelId(),
            space.variant(),
            String.valueOf(options.seed()),
            String.valueOf(options.maxEmbeddings()),
            String.valueOf(options.timeLimit()),
            String.valueOf(options.noise()),
            String.valueOf(options.trace()),
            String.valueOf(threads),
            versions.toString());
    return RememberingInverter.open(inverter, resume(), name, conditions);
  }

  /**
   * Builds options.
   *
   * @param <B> the builder's own type
   */
  public abstract static class Builder<B extends Builder<B>> {
    private InversionOptions inversion = InversionOptions.defaults();
    private String search = "default";
    private int threads = Runtime.getRuntime().availableProcessors();
    private ImmutableMap<String, String> versions = ImmutableMap.of();
    private @Nullable Path resume;

    /** Starts from the defaults. */
    protected Builder() {}

    /** This builder. */
    protected abstract B self();

    /** The options of each inversion; {@link InversionOptions#defaults()} by default. */
    @CanIgnoreReturnValue
    public final B inversion(InversionOptions inversion) {
      this.inversion = requireNonNull(inversion, "inversion");
      return self();
    }

    /** What to call the inverter in tables; {@code default} by default. */
    @CanIgnoreReturnValue
    public final B search(String name) {
      search = requireNonNull(name, "search");
      return self();
    }

    /** Threads that the models run on, for the provenance; all processors by default. */
    @CanIgnoreReturnValue
    public final B threads(int n) {
      checkArgument(n > 0, "threads must be at least 1, were %s", n);
      threads = n;
      return self();
    }

    /** Versions of models and libraries, for the provenance. */
    @CanIgnoreReturnValue
    public final B versions(Map<String, String> versions) {
      this.versions = ImmutableMap.copyOf(versions);
      return self();
    }

    /**
     * Keeps finished inversions in a folder, and goes on with those that are there if they were
     * made under the same conditions. Its files hold what was recovered, and are readable by their
     * owner alone. Nothing is kept by default.
     */
    @CanIgnoreReturnValue
    public final B resume(Path folder) {
      resume = requireNonNull(folder, "resume");
      return self();
    }
  }
}
