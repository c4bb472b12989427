/**
 * Reports that a person reads: {@link io.vec2text.eval.report.Block}s of text, tables, plots and
 * examples, written as {@link io.vec2text.eval.report.Markdown} or as {@link
 * io.vec2text.eval.report.Html}.
 */
@NullMarked
package io.vec2text.eval.report;

import org.jspecify.annotations.NullMarked;
