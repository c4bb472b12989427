/**
 * Reports that a person reads: {@link io.vec2text.eval.internal.report.Block}s of text, tables,
 * plots and examples, written as {@link io.vec2text.eval.internal.report.Markdown} or as {@link
 * io.vec2text.eval.internal.report.Html}.
 */
@NullMarked
package io.vec2text.eval.internal.report;

import org.jspecify.annotations.NullMarked;
