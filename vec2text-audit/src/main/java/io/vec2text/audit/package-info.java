/**
 * Says what of a vector store can be read from its vectors alone.
 *
 * <p>{@link io.vec2text.audit.Audit} draws a sample of the records, inverts it, looks for personal
 * data and secrets in what comes back, and gives an {@link io.vec2text.audit.AuditReport}, which
 * {@link io.vec2text.audit.report.Reports} writes as HTML, Markdown, JSON, SARIF, JUnit XML or CSV.
 */
@NullMarked
package io.vec2text.audit;

import org.jspecify.annotations.NullMarked;
