/**
 * Writes what an audit found: {@link io.vec2text.audit.report.Reports}. No report holds a text that
 * came back unless {@link io.vec2text.audit.report.Rendering} says so.
 */
@NullMarked
package io.vec2text.audit.report;

import org.jspecify.annotations.NullMarked;
