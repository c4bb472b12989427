package io.vec2text.sources.internal;

/** What came from outside, fit for a message. */
public final class OneLine {
  private static final int MAX_LENGTH = 400;

  private OneLine() {}

  /** A text without line ends and other controls, such as a file may have put into it. */
  public static String of(String text) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < text.length() && i < MAX_LENGTH; i++) {
      char c = text.charAt(i);
      boolean shown = !Character.isISOControl(c) && c != '\u2028' && c != '\u2029';
      line.append(shown ? c : ' ');
    }
    return line + (text.length() > MAX_LENGTH ? "…" : "");
  }

  /** What an exception says, in one line; the name of its kind where it says nothing. */
  public static String reason(Throwable e) {
    String message = e.getMessage();
    return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
  }
}
