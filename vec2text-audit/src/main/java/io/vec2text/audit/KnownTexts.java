package io.vec2text.audit;

import io.vec2text.StoredPrecision;
import io.vec2text.Vectors;
import io.vec2text.Verdict;
import io.vec2text.internal.Dot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the records that hold known texts: a text is in the store if the record that is closest to
 * it would be called {@link Verdict#EXACT}. What the cosine of unrelated texts is in the space is
 * told by the other records.
 */
final class KnownTexts implements RecordObserver {
  /** From here on nothing would be left to tell texts by. */
  private static final double MAX_UNRELATED = 0.9;

  private final List<Text> texts = new ArrayList<>();

  /** A text, and what it was compared with. */
  private static final class Text {
    final float[] vector;
    @Nullable RecordId record;
    float @Nullable [] closest;
    double cosine = -1;
    double sum;
    long records;

    Text(float[] vector) {
      this.vector = vector;
    }
  }

  /**
   * Nothing compared yet.
   *
   * @param vectors of the texts
   */
  KnownTexts(List<float[]> vectors) {
    vectors.forEach(v -> texts.add(new Text(Vectors.unit(v))));
  }

  @Override
  public void see(RecordId record, float @Nullable [] vector) {
    if (vector == null || texts.isEmpty()) {
      return;
    }
    int whole = texts.get(0).vector.length;
    double norm = Vectors.norm(vector);
    if (vector.length > whole || !(norm > 0) || Double.isInfinite(norm)) {
      return;
    }
    for (Text text : texts) {
      double cosine =
          vector.length == whole
              ? Dot.of(text.vector, vector) / norm
              : Vectors.cosine(Arrays.copyOf(text.vector, vector.length), vector);
      text.sum += cosine;
      text.records++;
      boolean closer =
          text.record == null
              || cosine > text.cosine
              || (cosine == text.cosine && record.name().compareTo(text.record.name()) < 0);
      if (closer) {
        text.record = record;
        text.closest = vector;
        text.cosine = cosine;
      }
    }
  }

  /** What was found. */
  Membership found() {
    List<Membership.Member> found = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      Text text = texts.get(i);
      Optional<RecordId> record = Optional.ofNullable(text.record);
      if (record.isPresent() && isExact(text)) {
        found.add(new Membership.Member(i + 1, record.get(), Math.min(1, text.cosine)));
      }
    }
    return new Membership(texts.size(), found);
  }

  private static boolean isExact(Text text) {
    float[] closest = text.closest;
    if (closest == null) {
      return false;
    }
    double others = text.records < 2 ? 0 : (text.sum - text.cosine) / (text.records - 1);
    double unrelated = Math.max(0, Math.min(MAX_UNRELATED, others));
    return Verdict.of(text.cosine, unrelated, StoredPrecision.of(closest), closest.length)
        == Verdict.EXACT;
  }
}
