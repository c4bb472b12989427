package io.vec2text;

import static java.util.Objects.requireNonNull;

/**
 * Something that a vector itself shows, besides the text that is found for it: that it is another
 * model's, say, or a code of its signs only.
 *
 * @param kind what was seen
 * @param line the same for people: one line of plain English that says what was found and, where
 *     something can be done, what; never any of the text
 */
public record Evidence(Kind kind, String line) {

  /** What can be seen of a vector, cheapest first. */
  public enum Kind {
    /** The batch holds the very same vector earlier on; it was searched once. */
    DUPLICATE,
    /** Only the signs of the components are left, as in a binary index. */
    SIGN_CODE,
    /** The last components are missing, as the caller declared. */
    TRUNCATED,
    /** The last components are all zero: the vector was cut short, then filled up with zeros. */
    ZERO_PADDED,
    /** The vector lies where this model puts none: it is another model's, or no embedding. */
    OTHER_MODEL,
    /** Shorter than the vectors of a model that gives unit length: a mean of several vectors. */
    AVERAGED,
    /** The mean of a collection was subtracted. */
    CENTRED,
    /** It is the vector of the empty text. */
    EMPTY_TEXT,
    /**
     * The text that was found holds characters that the model's vocabulary lacks, such as emoji:
     * the model can't tell them apart, and they are shown as its unknown token.
     */
    UNKNOWN_TOKENS
  }

  /** Checks the arguments. */
  public Evidence {
    requireNonNull(kind, "kind");
    requireNonNull(line, "line");
  }
}
