package io.vec2text.search;

import com.google.common.collect.ImmutableList;
import io.vec2text.Evidence;

/**
 * A vector that was looked at before its search.
 *
 * @param vector all its components; of a sign code 1 and -1, or 0 where there is no sign
 * @param form what is left of the embedder's vector
 * @param components how many of the embedder's components are left
 * @param unrelated mean cosine of unrelated texts in this form
 * @param evidence what was seen
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Examined(
    float[] vector,
    VectorForm form,
    int components,
    double unrelated,
    ImmutableList<Evidence> evidence) {

  boolean shows(Evidence.Kind kind) {
    return evidence.stream().anyMatch(e -> e.kind() == kind);
  }

  /** Whether it is not the embedder's. */
  boolean foreign() {
    return shows(Evidence.Kind.OTHER_MODEL);
  }
}
