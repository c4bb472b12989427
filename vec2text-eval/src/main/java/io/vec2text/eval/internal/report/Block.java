package io.vec2text.eval.internal.report;

/** A part of a report. None of them holds a text of the data but {@link Examples}. */
public sealed interface Block permits Heading, Lines, Table, Plot, Examples {}
