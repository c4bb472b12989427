package io.vec2text.eval;

import static com.google.common.base.Preconditions.checkArgument;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableSet;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.common.io.Resources;
import io.vec2text.eval.internal.TextFiles;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Texts to evaluate on, in buckets by length.
 *
 * <p>Two sets are shipped: whole sentences from held-out English Wikipedia articles (CC BY-SA 4.0,
 * see the README beside the resources), no duplicates, none of whose normal form occurs in the
 * training text, in buckets of 4-8, 9-16 and 17-32 tokens. Tune on {@link #wikipediaDev()}; {@link
 * #wikipediaTest()} is for reporting only.
 */
public final class EvaluationSet {
  private final String name;
  private final ImmutableList<Entry> entries;

  private EvaluationSet(String name, Iterable<Entry> entries) {
    this.name = requireNonNull(name, "name");
    this.entries = ImmutableList.copyOf(entries);
  }

  /**
   * A text to evaluate on.
   *
   * @param bucket its group, for example {@code 9-16}; without tabs
   * @param text the text; without line breaks
   */
  public record Entry(String bucket, String text) {
    /** Checks the arguments. */
    public Entry {
      checkArgument(
          bucket.indexOf('\t') < 0 && bucket.indexOf('\n') < 0, "bucket has a tab or line break");
      checkArgument(text.indexOf('\n') < 0, "text has a line break");
    }

    /** Bucket and length; not the text. */
    @Override
    public String toString() {
      return "Entry[bucket=" + bucket + ", characters=" + text.length() + "]";
    }
  }

  /** A set of the given entries. */
  public static EvaluationSet of(String name, List<Entry> entries) {
    return new EvaluationSet(name, entries);
  }

  /** The shipped sentences to tune on: 239, 500 and 500 of 4-8, 9-16 and 17-32 tokens. */
  public static EvaluationSet wikipediaDev() {
    return resource("wikipedia-dev");
  }

  /** The shipped sentences to report on: 250, 500 and 500 of 4-8, 9-16 and 17-32 tokens. */
  public static EvaluationSet wikipediaTest() {
    return resource("wikipedia-test");
  }

  /** 200 shipped passages of a little more than 254 tokens, from articles to tune on. */
  public static EvaluationSet wikipediaDevPassages() {
    return resource("wikipedia-dev-passages");
  }

  /** The same number of passages from articles to report on. */
  public static EvaluationSet wikipediaTestPassages() {
    return resource("wikipedia-test-passages");
  }

  /**
   * The shipped passages of a split.
   *
   * @param split {@code dev} or {@code test}
   */
  public static EvaluationSet shippedPassages(String split) {
    return shipped(split).name().equals("wikipedia-dev")
        ? wikipediaDevPassages()
        : wikipediaTestPassages();
  }

  /**
   * A shipped set by the name of its split.
   *
   * @param split {@code dev} or {@code test}
   */
  public static EvaluationSet shipped(String split) {
    return switch (split) {
      case "dev" -> wikipediaDev();
      case "test" -> wikipediaTest();
      default ->
          throw new IllegalArgumentException("split must be dev or test, was \"" + split + "\"");
    };
  }

  /**
   * Reads a file of one's own, in UTF-8, plain or as {@code .xz}, one text a line. Blank lines are
   * left out, and white space around a text. All texts are in the one bucket {@code all}.
   *
   * @throws IOException if the file can't be read, is not in UTF-8, or has a line of more than 1
   *     MiB or more than 256 MiB in all, 64 bytes counted for each line
   * @throws IllegalArgumentException if it holds no text
   */
  public static EvaluationSet read(Path file) throws IOException {
    List<Entry> entries = new ArrayList<>();
    TextFiles.forEachLine(file, (line, number) -> addText(entries, line));
    return of(file, entries);
  }

  /**
   * Reads a file of one's own as {@link #read(Path)} does, if its bytes have a SHA-256.
   *
   * @param sha256 64 hexadecimal digits
   * @throws IOException as {@link #read(Path)}
   * @throws IllegalArgumentException if it has another hash or holds no text
   */
  public static EvaluationSet read(Path file, String sha256) throws IOException {
    byte[] bytes = TextFiles.readAll(file);
    String found = Hashing.sha256().hashBytes(bytes).toString();
    checkArgument(
        found.equalsIgnoreCase(sha256), "%s has sha256 %s, expected %s", file, found, sha256);
    List<Entry> entries = new ArrayList<>();
    TextFiles.forEachLine(file, bytes, (line, number) -> addText(entries, line));
    return of(file, entries);
  }

  private static void addText(List<Entry> entries, String line) {
    if (!line.isBlank()) {
      entries.add(new Entry(ALL, line.strip()));
    }
  }

  private static EvaluationSet of(Path file, List<Entry> entries) {
    checkArgument(!entries.isEmpty(), "%s holds no text", file);
    Path fileName = file.getFileName();
    return new EvaluationSet(fileName == null ? "" : fileName.toString(), entries);
  }

  /** The name of the bucket that holds everything. */
  public static final String ALL = "all";

  private static EvaluationSet resource(String name) {
    URL url = Resources.getResource(EvaluationSet.class, name + ".tsv");
    List<Entry> entries = new ArrayList<>();
    try {
      for (String line : Resources.readLines(url, UTF_8)) {
        int tab = line.indexOf('\t');
        if (tab < 0) {
          throw new IllegalStateException(name + ": a row without a tab");
        }
        entries.add(new Entry(line.substring(0, tab), line.substring(tab + 1)));
      }
    } catch (IOException e) {
      throw new IllegalStateException("can't read the shipped texts " + name, e);
    }
    return new EvaluationSet(name, entries);
  }

  /** The name of the set; of a file, its file name. */
  public String name() {
    return name;
  }

  /** The texts with their buckets, in order. */
  public List<Entry> entries() {
    return entries;
  }

  /** The texts, in order. */
  public List<String> texts() {
    return entries.stream().map(Entry::text).collect(ImmutableList.toImmutableList());
  }

  /** The buckets in order of their first text. */
  public List<String> buckets() {
    return entries.stream().map(Entry::bucket).collect(ImmutableSet.toImmutableSet()).asList();
  }

  /** How many texts there are. */
  public int size() {
    return entries.size();
  }

  /**
   * The texts of one bucket.
   *
   * @throws IllegalArgumentException if there is no such bucket
   */
  public EvaluationSet bucket(String bucket) {
    List<Entry> kept = entries.stream().filter(e -> e.bucket().equals(bucket)).toList();
    checkArgument(
        !kept.isEmpty(),
        "bucket must be one of %s, was \"%s\"",
        String.join(", ", buckets()),
        bucket);
    return new EvaluationSet(name, kept);
  }

  /**
   * Draws texts without replacement, from each bucket for itself, in random order. Of two samples
   * with the same seed the larger one begins, bucket by bucket, with the smaller one.
   *
   * @param perBucket how many to draw of each bucket, at least 0; a smaller bucket is taken whole
   * @param seed the same seed draws the same texts, on every machine
   */
  public EvaluationSet sample(int perBucket, long seed) {
    checkArgument(perBucket >= 0, "perBucket must be at least 0, was %s", perBucket);
    ImmutableListMultimap<String, Entry> byBucket =
        entries.stream()
            .collect(ImmutableListMultimap.toImmutableListMultimap(Entry::bucket, e -> e));
    ImmutableList.Builder<Entry> drawn = ImmutableList.builder();
    for (String bucket : byBucket.keySet()) {
      List<Entry> shuffled = new ArrayList<>(byBucket.get(bucket));
      // String.hashCode is specified, and so is Random: the draw does not depend on the machine.
      Collections.shuffle(shuffled, new Random(seed * 31 + bucket.hashCode()));
      drawn.addAll(shuffled.subList(0, Math.min(perBucket, shuffled.size())));
    }
    return new EvaluationSet(name, drawn.build());
  }

  /**
   * SHA-256 of the rows {@code bucket<TAB>text<LF>} in UTF-8, as 64 hexadecimal digits. Of a whole
   * shipped set it is the SHA-256 of its file.
   */
  public String sha256() {
    Hasher hasher = Hashing.sha256().newHasher();
    for (Entry entry : entries) {
      hasher.putString(entry.bucket() + '\t' + entry.text() + '\n', UTF_8);
    }
    return hasher.hash().toString();
  }

  /** Name and size; not the texts. */
  @Override
  public String toString() {
    return name + " (" + size() + " texts)";
  }
}
