/**
 * Finds personal data and secrets in texts: in ordinary ones, and in the normal form in which
 * inverters give texts back, which is lower case and sets spaces around punctuation.
 *
 * <p>{@link io.vec2text.audit.detect.Detectors} holds the built-in rules and those that a {@link
 * io.vec2text.audit.detect.PersonalDataDetector} adds.
 */
@NullMarked
package io.vec2text.audit.detect;

import org.jspecify.annotations.NullMarked;
