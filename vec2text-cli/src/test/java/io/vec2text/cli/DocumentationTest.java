package io.vec2text.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import io.vec2text.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the documents say of files and of commands is true. */
final class DocumentationTest {
  private static final Path ROOT = root();
  private static final Pattern LINK = Pattern.compile("\\[[^]]*]\\(([^)\\s]+)\\)");
  private static final Pattern FENCE = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.*)$");
  private static final Pattern COMMAND =
      Pattern.compile("(?:^|[ `(])(?:java -jar \\S*vec2text\\.jar|vec2text)(?= |$)(.*)");
  private static final Splitter WORDS = Splitter.on(' ').omitEmptyStrings();

  private final CommandLine commands =
      new Main()
          .commandLine(
              new Context(
                  new Toys(),
                  InputStream.nullInputStream(),
                  OutputStream.nullOutputStream(),
                  Terminal.NONE,
                  new Cancellation()));

  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("CONTRIBUTING.md"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  private static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>();
    for (Path folder : List.of(ROOT, ROOT.resolve("docs"), ROOT.resolve("training"))) {
      try (Stream<Path> found = Files.walk(folder, folder.equals(ROOT) ? 1 : 3)) {
        found.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
      }
    }
    return documents;
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path document : documents()) {
      String text = FENCE.matcher(Files.readString(document)).replaceAll("");
      for (MatchResult link : LINK.matcher(text).results().toList()) {
        URI target = URI.create(link.group(1));
        if (target.getScheme() != null) {
          continue;
        }
        Path file =
            target.getPath().isEmpty() ? document : document.resolveSibling(target.getPath());
        boolean there =
            Files.exists(file)
                && (target.getFragment() == null || anchors(file).contains(target.getFragment()));
        if (!there) {
          broken.add(ROOT.relativize(document) + ": " + link.group(1));
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  /** As GitHub makes them of headings. */
  private static Set<String> anchors(Path document) throws IOException {
    Set<String> anchors = new HashSet<>();
    String text = FENCE.matcher(Files.readString(document)).replaceAll("");
    Matcher headings = HEADING.matcher(text);
    while (headings.find()) {
      String heading = headings.group(1).replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1");
      anchors.add(
          heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'));
    }
    return anchors;
  }

  @Test
  void commandsAndOptionsExist() throws IOException {
    List<String> unknown = new ArrayList<>();
    int examples = 0;
    for (Path document : documents()) {
      String text = Files.readString(document);
      for (MatchResult block : FENCE.matcher(text).results().toList()) {
        for (String line : block.group(2).replaceAll("\\\\\\n\\s*", "").split("\n", -1)) {
          for (String part : line.replaceAll("\\s#.*", "").split("\\||&&", -1)) {
            Matcher command = COMMAND.matcher(part);
            if (command.find()) {
              examples++;
              check(command.group(1), ROOT.relativize(document) + ": " + line, unknown);
            }
          }
        }
      }
      for (MatchResult code :
          Pattern.compile("`(vec2text [^`]+)`").matcher(text).results().toList()) {
        Matcher command = COMMAND.matcher(code.group(1));
        if (command.find()) {
          check(command.group(1), ROOT.relativize(document) + ": " + code.group(1), unknown);
        }
      }
    }
    assertThat(unknown).isEmpty();
    assertThat(examples).isGreaterThan(5);
  }

  private void check(String arguments, String where, List<String> unknown) {
    CommandLine command = commands;
    for (String word : WORDS.split(arguments.replaceAll("[)].*", ""))) {
      String name = word.replaceAll("=.*", "");
      if (command.getSubcommands().containsKey(name)) {
        command = command.getSubcommands().get(name);
      } else if (name.startsWith("--") && command.getCommandSpec().findOption(name) == null) {
        unknown.add(where + ": " + name);
      } else if (command == commands && !name.startsWith("-")) {
        unknown.add(where + ": " + name);
        return;
      }
    }
  }

  /** The page of the command line names each option of invert and embed, or their help does. */
  @Test
  void optionsOfThePageExist() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/command-line.md"));
    Set<String> known = new HashSet<>();
    collect(commands, known);
    List<String> unknown =
        Pattern.compile("`(--[a-z-]+)")
            .matcher(page)
            .results()
            .map(option -> option.group(1))
            .filter(option -> !known.contains(option))
            .toList();
    assertThat(unknown).isEmpty();
  }

  private static void collect(CommandLine command, Set<String> options) {
    command.getCommandSpec().options().forEach(option -> options.addAll(List.of(option.names())));
    command.getSubcommands().values().forEach(sub -> collect(sub, options));
  }
}
