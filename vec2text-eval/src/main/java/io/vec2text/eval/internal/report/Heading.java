package io.vec2text.eval.internal.report;

/**
 * The heading of what follows.
 *
 * @param text one line
 */
public record Heading(String text) implements Block {}
