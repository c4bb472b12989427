package io.vec2text.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.TypeConversionException;

/**
 * The command line under a locale that can't say what is on it. With {@code LC_ALL=C}, as in many
 * containers, the virtual machine reads each byte beyond ASCII as a question mark.
 *
 * @param commandLine file of the process's command line as bytes, with a zero after each argument
 * @param encoding the locale's encoding, in which arguments were read and files are named
 */
record Locales(Path commandLine, Charset encoding) {
  private static final String ADVICE = "; set a UTF-8 locale, for example LC_ALL=C.UTF-8";

  /** The locale of this process. */
  static Locales ofProcess() {
    String encoding = System.getProperty("sun.jnu.encoding", "");
    return new Locales(
        Path.of("/proc/self/cmdline"),
        Charset.isSupported(encoding) ? Charset.forName(encoding) : Charset.defaultCharset());
  }

  /**
   * The arguments as they were given.
   *
   * @param args the arguments as the virtual machine read them
   * @throws CliException if that can't be told
   */
  String[] arguments(String[] args) {
    List<byte[]> raw = raw(args);
    String[] decoded = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      decoded[i] = raw.isEmpty() ? checked(args[i], i) : decode(raw.get(i), args[i], i);
    }
    return decoded;
  }

  /** The bytes of the arguments; nothing if they can't be had. */
  private List<byte[]> raw(String[] args) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(commandLine);
    } catch (IOException e) {
      return List.of();
    }
    List<byte[]> all = new ArrayList<>();
    int start = 0;
    for (int end = 0; end < bytes.length; end++) {
      if (bytes[end] == 0) {
        all.add(Arrays.copyOfRange(bytes, start, end));
        start = end + 1;
      }
    }
    if (all.size() < args.length) {
      return List.of();
    }
    // Before them are those of the virtual machine.
    List<byte[]> raw = all.subList(all.size() - args.length, all.size());
    for (int i = 0; i < args.length; i++) {
      if (isAscii(raw.get(i)) && !Arrays.equals(raw.get(i), args[i].getBytes(encoding))) {
        return List.of();
      }
    }
    return raw;
  }

  private static boolean isAscii(byte[] bytes) {
    for (byte b : bytes) {
      if (b < 0) {
        return false;
      }
    }
    return true;
  }

  private String decode(byte[] raw, String read, int i) {
    if (Arrays.equals(raw, read.getBytes(encoding))) {
      return read;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw)).toString();
    } catch (CharacterCodingException e) {
      throw unreadable(i);
    }
  }

  private String checked(String read, int i) {
    boolean ascii = encoding.equals(StandardCharsets.US_ASCII);
    if (read.indexOf('\uFFFD') >= 0 || (ascii && read.indexOf('?') >= 0)) {
      throw unreadable(i);
    }
    return read;
  }

  private CliException unreadable(int i) {
    return new CliException(
        "argument %d holds characters that are neither in this locale's encoding (%s) nor UTF-8%s"
            .formatted(i + 1, encoding, ADVICE));
  }

  /** Reads an option that is a path. */
  static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new TypeConversionException(describe(e));
    }
  }

  /** What is wrong with a path. */
  static String describe(InvalidPathException e) {
    String name = "\"" + e.getInput() + "\" can't name a file";
    return isAscii(e.getInput().getBytes(StandardCharsets.UTF_8))
        ? name + ": " + e.getReason()
        : name + " in this locale's encoding (" + ofProcess().encoding() + ")" + ADVICE;
  }
}
