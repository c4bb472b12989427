package io.vec2text;

/**
 * A text that was embedded, and how close it came.
 *
 * @param text the text
 * @param vector its unit vector
 * @param cosine cosine of its vector with the target
 */
@SuppressWarnings("ArrayRecordComponent") // vectors and tokens are arrays; never compared
public record Hypothesis(String text, float[] vector, double cosine) {}
