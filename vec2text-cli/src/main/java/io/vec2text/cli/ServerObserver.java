package io.vec2text.cli;

import io.vec2text.lm.NextTokenDistribution;
import io.vec2text.lm.server.Capabilities;
import io.vec2text.lm.server.ModelServer;
import java.util.Locale;

/** Observes prompts through a server, each with its share of the calls that are left. */
final class ServerObserver {
  private final ModelServer server;
  private final Capabilities shown;
  private final int prompts;
  private int done;
  private int partial;
  private int fewest = Integer.MAX_VALUE;

  ServerObserver(ModelServer server, Capabilities shown, int prompts) {
    this.server = server;
    this.shown = shown;
    this.prompts = prompts;
  }

  /** What is seen after a prompt. */
  NextTokenDistribution after(String prompt) {
    server.allow(server.callsLeft() / (prompts - done));
    done++;
    NextTokenDistribution seen = server.observe(prompt, shown).distribution();
    int tokens = seen.tokens().length();
    partial += seen.isFull() ? 0 : 1;
    fewest = Math.min(fewest, tokens);
    return seen;
  }

  /** What came out. */
  String summary() {
    String all =
        String.format(
            Locale.ROOT,
            "%d distributions by %s, %,d calls",
            done,
            shown.best().map(m -> m.description()).orElse("nothing"),
            server.calls());
    return partial == 0
        ? all
        : all
            + String.format(
                Locale.ROOT,
                "; %d of them partial, with %,d of %,d tokens at least (lm invert --partial reads"
                    + " them; a higher --max-calls, with --answers, goes on)",
                partial,
                fewest,
                shown.vocabulary());
  }
}
