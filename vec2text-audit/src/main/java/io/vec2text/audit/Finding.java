package io.vec2text.audit;

import io.vec2text.audit.detect.DataType;

/**
 * Data of some kind that was read from a record's vector. {@link #toString()} does not hold the
 * value: it is a secret.
 *
 * @param key names the finding in every audit of the same record: 16 hexadecimal digits
 * @param record the record
 * @param type the kind of data
 * @param severity how bad it is: the kind's harm times the weight of {@code exactness} times {@code
 *     confidence}
 * @param exactness whether the value itself came back
 * @param confidence the probability that {@code exactness} claims too little rather than too much,
 *     in [0, 1]: of a verbatim value that it is right, of a semantic one that there is one
 * @param value the value as it came back
 */
public record Finding(
    String key,
    RecordId record,
    DataType type,
    Severity severity,
    Exactness exactness,
    double confidence,
    String value) {

  /** Without the value. */
  @Override
  public String toString() {
    return "Finding[%s %s in %s, %s]".formatted(exactness, type.id(), record.name(), severity);
  }
}
