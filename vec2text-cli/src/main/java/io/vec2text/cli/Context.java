package io.vec2text.cli;

import io.vec2text.Cancellation;
import io.vec2text.eval.internal.report.Disclosure;
import io.vec2text.eval.internal.report.Markdown;
import io.vec2text.eval.internal.report.Report;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * What a command works with, so that tests can give it others.
 *
 * @param engines opens models
 * @param in standard input
 * @param out standard output
 * @param terminal whether somebody watches
 * @param cancellation is cancelled when the process is asked to end
 */
record Context(
    Engines engines,
    InputStream in,
    OutputStream out,
    Terminal terminal,
    Cancellation cancellation) {

  /** Prints a report without its title, and without any text of the data. */
  void print(Report report) throws IOException {
    PrintStream stream = new PrintStream(out, false, StandardCharsets.UTF_8);
    stream.print(Markdown.of(report.withoutTexts(), Disclosure.REDACTED));
    if (stream.checkError()) {
      throw new IOException("standard output can't be written");
    }
  }
}
