package dev.slackline.app;

import dev.slackline.app.move.Move;
import dev.slackline.app.move.MoveLedger;
import dev.slackline.app.move.MoveSides;
import dev.slackline.app.process.ProcessEnvironment;
import dev.slackline.queue.Backends;
import dev.slackline.queue.QueueBackendProvider;
import dev.slackline.queue.config.Durations;
import dev.slackline.queue.config.Env;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "move",
        mixinStandardHelpOptions = true,
        header = "Moves what waits from one backend to another.",
        description = {
            "Moves what waits in every group, and the dead letters, from one backend to another, for the day that one machine"
                    + " is no longer enough. A message keeps its id, key, time, headers, attempt and history. It is let go in the"
                    + " old backend once the new one has it durably, so this may be stopped, or killed, and started again at"
                    + " any moment. Ends when nothing is left, with a ledger; the exit code is 0 only if nothing is left.",
            "",
            "1. Declare the groups in the new backend: QUEUE_BACKEND=NEW slackline groups declare NAME...",
            "2. Start 'serve', and whatever else publishes, with the new backend, and stop the old one.",
            "3. Start the consumers with the new backend, and stop the old ones.",
            "4. Run this, until it says that nothing is left.",
            "",
            "What comes in between is handled at once, so what waited before comes after it. Where that order matters, start"
                    + " the new consumers last.",
            "",
            "Both backends are set by the one environment. Two of one kind need settings that differ: a file for one of"
                    + " them, with lines NAME=value as in .env."
        },
        footer = {
            "",
            "Examples:",
            "  slackline move --from sqlite --to rabbitmq",
            "  slackline move --from sqlite --to sqlite --to-env new.env      (SQLITE_PATH=/data/new.db in new.env)"
        })
final class MoveCommand implements Callable<Integer> {

    /** Beyond the lease of what a killed consumer held, or a killed move. */
    private static final Duration BEYOND_A_LEASE = Duration.ofSeconds(30);

    private final Context context;

    @Option(names = "--from", paramLabel = "NAME", required = true, description = "The backend that has the messages.")
    private String from = "";

    @Option(names = "--to", paramLabel = "NAME", required = true, description = "The backend that gets them.")
    private String to = "";

    @Option(names = "--from-env", paramLabel = "FILE", description = "Settings for --from alone.")
    private @Nullable Path fromEnv;

    @Option(names = "--to-env", paramLabel = "FILE", description = "Settings for --to alone.")
    private @Nullable Path toEnv;

    @Option(
            names = "--idle-timeout",
            paramLabel = "TIME",
            description =
                    "Stop when nothing could be moved for this long although something waits: it is delayed, or held by"
                            + " another consumer. Default: QUEUE_LEASE and 30s.")
    private @Nullable String idleTimeout;

    MoveCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (from.equals(to) && fromEnv == null && toEnv == null) {
            throw new UsageException("--from and --to are both " + from + ", and the environment describes one of them;"
                    + " give what differs in a file, with --from-env or --to-env");
        }
        MoveSides sides = MoveSides.load(env(from, "--from", fromEnv), env(to, "--to", toEnv));
        Duration idle = idleTimeout == null ? sides.lease().plus(BEYOND_A_LEASE) : idle(idleTimeout);
        Move move = new Move(idle, context.terminal()::say);
        MoveLedger ledger = sides.run(move, context.shutdown().requested());
        ledger.lines().forEach(context.terminal()::result);
        if (ledger.isClean()) {
            return 0;
        }
        context.terminal().say("What is left is in " + from + "; the same command goes on with it.");
        return 1;
    }

    private Env env(String backend, String option, @Nullable Path file) {
        Env env = context.env().get();
        if (file != null) {
            env = env.behind(option + "-env " + file, ProcessEnvironment.file(file));
        }
        requireInstalled(option, backend);
        return env.behind(option, Map.of("QUEUE_BACKEND", backend));
    }

    private static void requireInstalled(String option, String backend) {
        List<String> names =
                Backends.installed().stream().map(QueueBackendProvider::name).toList();
        if (!names.contains(backend)) {
            throw new UsageException(
                    option + ": there is no backend '" + backend + "'; installed are " + String.join(", ", names));
        }
    }

    private static Duration idle(String text) {
        try {
            return Durations.parse(text, Duration.ofMillis(1), Duration.ofDays(1));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--idle-timeout '" + text + "': " + e.getMessage());
        }
    }
}
