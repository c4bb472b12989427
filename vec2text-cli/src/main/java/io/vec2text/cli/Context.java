package io.vec2text.cli;

import io.vec2text.Cancellation;
import java.io.OutputStream;

/**
 * What a command works with, so that tests can give it others.
 *
 * @param engines opens models
 * @param out standard output
 * @param terminal whether somebody watches standard error
 * @param cancellation is cancelled when the process is asked to end
 */
record Context(Engines engines, OutputStream out, boolean terminal, Cancellation cancellation) {}
