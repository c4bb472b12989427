package io.vec2text.cli;

import static java.util.Objects.requireNonNull;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InterruptedIOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code vec2text} command; without a subcommand it prints its usage. */
@Command(
    name = "vec2text",
    description = "Turns text embeddings back into text.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "1:some items failed",
      "2:usage error, or something can't be read or written at all",
      "3:a condition of --fail-if or --fail-on holds",
      "130:stopped"
    })
public final class Main implements Callable<Integer> {
  private static final int HELP_WIDTH = 100;

  // Kept, because the logging framework itself holds loggers weakly.
  private static final Logger ROOT_LOGGER = Logger.getLogger("");

  @Spec private CommandSpec spec;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of errors; so does the environment's VEC2TEXT_DEBUG=1.")
  private boolean debug = "1".equals(System.getenv("VEC2TEXT_DEBUG"));

  /** For picocli, which fills in the fields. */
  public Main() {}

  /**
   * Runs the command and ends the virtual machine with its exit status.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    System.exit(process(new OnnxEngines(), args));
  }

  /** Runs the command of this process, which may be asked to end at any time. */
  static int process(Engines engines, String... args) {
    ROOT_LOGGER.setLevel(Level.OFF);
    Shutdown shutdown = Shutdown.install();
    // Not System.out, which hides write errors and encodes as the locale says.
    FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    Context context =
        new Context(engines, System.in, out, Terminal.ofProcess(), shutdown.cancellation());
    Writer err = new OutputStreamWriter(System.err, Charset.defaultCharset());
    int status =
        run(context, new PrintWriter(err, true), () -> Locales.ofProcess().arguments(args));
    shutdown.finished();
    return status;
  }

  /** Runs the command. Whatever goes wrong, this returns a status and prints one line. */
  static int run(Context context, PrintWriter err, String... args) {
    return run(context, err, () -> args);
  }

  private static int run(Context context, PrintWriter err, Supplier<String[]> args) {
    Main main = new Main();
    try {
      String[] words = args.get();
      return main.commandLine(context, words).setErr(err).execute(words);
    } catch (Throwable e) {
      // An Error, such as a native library that does not load: picocli passes it on.
      main.report(e, err);
      return CommandLine.ExitCode.USAGE;
    }
  }

  /** A command below this one, and those below it. */
  private record Subcommand(Object command, List<Object> below) {
    static Subcommand of(Object command, Object... below) {
      return new Subcommand(command, List.of(below));
    }

    String name() {
      return requireNonNull(command.getClass().getAnnotation(Command.class)).name();
    }

    /** Help and completion, which need to know all the others. */
    boolean isOfPicocli() {
      return command instanceof HelpCommand || command instanceof AutoComplete.GenerateCompletion;
    }

    CommandLine commandLine() {
      CommandLine commandLine = new CommandLine(command);
      for (Object further : below) {
        commandLine.addSubcommand(further);
      }
      return commandLine;
    }
  }

  /** The subcommands; a further one is a further line. */
  private static List<Subcommand> subcommands(Context context) {
    return List.of(
        Subcommand.of(new EmbedCommand(context)),
        Subcommand.of(new InvertCommand(context)),
        Subcommand.of(
            new EvalCommand(context),
            new TableCommand(context),
            new SweepCommand(context),
            new DefenceCommand(context)),
        Subcommand.of(
            new AuditCommand(context), new PlantCommand(), new AuditCompareCommand(context)),
        Subcommand.of(new ModelCommand()),
        Subcommand.of(new SpaceCommand(context)),
        Subcommand.of(
            new LmCommand(),
            new LmObserveCommand(context),
            new LmInvertCommand(context),
            new LmProbeCommand(context)),
        Subcommand.of(new AutoComplete.GenerateCompletion()),
        Subcommand.of(new HelpCommand()));
  }

  /**
   * The commands and their options.
   *
   * @param args the command line: where it begins with the name of a subcommand, the others, whose
   *     options take a fifth of a second to read, are left out
   */
  CommandLine commandLine(Context context, String... args) {
    CommandLine all = new CommandLine(this);
    List<Subcommand> subcommands = subcommands(context);
    subcommands.stream()
        .filter(one -> args.length > 0 && one.name().equals(args[0]) && !one.isOfPicocli())
        .findFirst()
        .map(List::of)
        .orElse(subcommands)
        .forEach(one -> all.addSubcommand(one.commandLine()));
    return all
        // A text may begin with an @.
        .setExpandAtFiles(false)
        .registerConverter(Path.class, Locales::path)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(HELP_WIDTH)
        .setOut(new PrintWriter(context.out(), true, StandardCharsets.UTF_8))
        .setParameterExceptionHandler((e, words) -> usageError(e))
        .setExecutionExceptionHandler(
            (e, command, result) -> {
              report(e, command.getErr());
              boolean stopped =
                  e instanceof InterruptedIOException && context.cancellation().requested();
              return stopped ? ExitStatus.INTERRUPTED : CommandLine.ExitCode.USAGE;
            });
  }

  private int usageError(ParameterException e) {
    CommandLine command = e.getCommandLine();
    command
        .getErr()
        .println(
            Problems.line(e.getMessage() + suggestions(e))
                + " (see "
                + command.getCommandSpec().qualifiedName()
                + " --help)");
    return CommandLine.ExitCode.USAGE;
  }

  private static String suggestions(ParameterException e) {
    if (!(e instanceof UnmatchedArgumentException unmatched)) {
      return "";
    }
    List<String> similar = unmatched.getSuggestions();
    return similar.isEmpty() ? "" : "; did you mean " + String.join(" or ", similar) + "?";
  }

  private void report(Throwable e, PrintWriter err) {
    err.println(Problems.line(Problems.describe(e)));
    if (debug) {
      e.printStackTrace(err);
    }
    err.flush();
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return CommandLine.ExitCode.OK;
  }

  /** Reads the version from the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"vec2text " + number()};
    }

    String number() {
      String version = Main.class.getPackage().getImplementationVersion();
      return Objects.requireNonNullElse(version, "(development build)");
    }
  }
}
