package dev.slackline.app;

import dev.slackline.app.process.ProcessEnvironment;
import dev.slackline.app.process.Shutdown;
import dev.slackline.app.process.Terminal;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Where a process starts: {@code slackline COMMAND …}. */
public final class Main {

    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(40);

    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        Context context = new Context(ProcessEnvironment::read, Terminal.ofProcess(), Shutdown.onSignals(DRAIN_LIMIT));
        context.shutdown().exit(commandLine(context).execute(args));
    }

    static CommandLine commandLine(Context context) {
        Terminal terminal = context.terminal();
        Slackline root = new Slackline();
        CommandLine commandLine = new CommandLine(root)
                .addSubcommand(new DemoCommand(context))
                .addSubcommand(new ServeCommand(context))
                .addSubcommand(new PublishCommand(context))
                .addSubcommand(new ConsumeCommand(context))
                .addSubcommand(new SendCommand(context))
                .addSubcommand(new CommandLine(new GroupsCommand(context))
                        .addSubcommand(new GroupsDeclareCommand(context))
                        .addSubcommand(new GroupsDropCommand(context)))
                .addSubcommand(new CommandLine(new DeadCommand())
                        .addSubcommand(new DeadListCommand(context))
                        .addSubcommand(new DeadShowCommand(context))
                        .addSubcommand(new DeadReplayCommand(context))
                        .addSubcommand(new DeadDropCommand(context)))
                .addSubcommand(new McpCommand(context))
                .addSubcommand(new SimulateCommand(context))
                .addSubcommand(new MoveCommand(context))
                .addSubcommand(new BackendsCommand(context))
                .addSubcommand(new ConfigCommand(context));
        inherit(commandLine);
        return commandLine
                .setOut(terminal.out())
                .setErr(terminal.err())
                .setColorScheme(Help.defaultColorScheme(
                        terminal.colouredResults() && terminal.colouredMessages() ? Help.Ansi.ON : Help.Ansi.OFF))
                .setUsageHelpWidth(100)
                .setExecutionExceptionHandler(new Failures(terminal, root::isVerbose));
    }

    /** The same version everywhere; its subcommands do not get the version of a command by themselves. */
    private static void inherit(CommandLine commandLine) {
        commandLine.getSubcommands().values().forEach(subcommand -> {
            subcommand.getCommandSpec().versionProvider(new Version());
            inherit(subcommand);
        });
    }

    /** The command without a subcommand. */
    @Command(
            name = "slackline",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            synopsisSubcommandLabel = "COMMAND",
            description = "Never lose a Slack event: takes what Slack sends, stores it durably in a message queue, and"
                    + " hands it to your handlers.",
            footer = {
                "",
                "Start with:   ./slackline demo          (needs no Slack account)",
                "Then:         SLACK_SIGNING_SECRET=… ./slackline serve",
                "              ./slackline consume       (in another terminal)",
                "Measure with: ./slackline bench --help",
                "",
                "Settings are environment variables, or lines of a file .env in the working folder;",
                "'slackline config' shows them all.",
                "Exit codes: 0 done, 1 failed, 2 wrong usage or configuration."
            })
    static final class Slackline implements Runnable {

        @picocli.CommandLine.Spec
        private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

        @Option(
                names = "--verbose",
                scope = ScopeType.INHERIT,
                description = "Show the stack trace of an error as well.")
        private boolean verbose;

        boolean isVerbose() {
            return verbose;
        }

        @Override
        public void run() {
            throw new CommandLine.ParameterException(spec.commandLine(), "Which command?");
        }
    }

    /** The version of the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"slackline " + (version == null ? "(not from a jar)" : version)};
        }
    }
}
