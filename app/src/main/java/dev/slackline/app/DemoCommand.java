package dev.slackline.app;

import dev.slackline.app.demo.Demo;
import dev.slackline.app.demo.DemoTopic;
import dev.slackline.app.process.ReaderGoneException;
import dev.slackline.app.wiring.Logging;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.Env;
import dev.slackline.queue.config.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        header = "Shows Slackline at work without a Slack account.",
        description = {
            "Shows Slackline at work without a Slack account: the real server on SQLite in a temporary folder, a simulated"
                    + " Slack that sends mentions over HTTP and over Socket Mode, with duplicates, retries and forgeries"
                    + " among them, and a handler that fails now and then and answers through the outbox. Ends with a"
                    + " ledger, and with exit code 0 only if nothing was lost and every mention has exactly one answer.",
            "",
            "On another backend it uses topics of its own, slackline_demo_…, and removes them at the end."
        },
        footer = {
            "",
            "Examples:",
            "  slackline demo --events 1000",
            "  MQ_USERNAME=guest MQ_PASSWORD=guest slackline demo --backend rabbitmq"
        })
final class DemoCommand implements Callable<Integer> {

    private static final int MAX_EVENTS = 100_000;
    private static final int DELETE_ATTEMPTS = 20;

    private final Context context;

    @Option(
            names = "--events",
            paramLabel = "N",
            description = "How many events; more than 10,000 want more memory for the simulated Slack, such as"
                    + " SLACKLINE_JAVA_OPTS=-Xmx2g. Default: ${DEFAULT-VALUE}.")
    private int events = 200;

    @Option(
            names = "--backend",
            paramLabel = "NAME",
            description = "The backend, which its own settings tell where to find. Default: QUEUE_BACKEND, or sqlite.")
    private @Nullable String backend;

    DemoCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (events < 1 || events > MAX_EVENTS) {
            throw new UsageException("--events must be from 1 to " + MAX_EVENTS);
        }
        Env env = context.env().get();
        String chosen = backend == null
                ? Settings.parse(env, List.of(QueueSettings.BACKEND)).get(QueueSettings.BACKEND)
                : backend;
        Path folder = Files.createTempDirectory("slackline-demo-");
        try {
            return run(DemoTopic.on(chosen, env, folder), folder) ? 0 : 1;
        } catch (ReaderGoneException e) {
            return 1; // nobody heard how it ended
        } finally {
            delete(folder);
        }
    }

    private boolean run(DemoTopic topic, Path folder) throws IOException, InterruptedException {
        // Ctrl-C ends the demo at once, and 'finally' does not run
        Thread cleaner = new Thread(
                () -> {
                    Logging.silence();
                    topic.remove();
                    deleteUnderWay(folder);
                },
                "slackline-demo-cleaner");
        Runtime.getRuntime().addShutdownHook(cleaner);
        try {
            return new Demo(events, topic, context.terminal()::result).run();
        } finally {
            remove(cleaner);
        }
    }

    private static void remove(Thread cleaner) {
        try {
            Runtime.getRuntime().removeShutdownHook(cleaner);
        } catch (IllegalStateException e) {
            // the process ends already, and the cleaner finds nothing left to do
        }
    }

    /** Deletes a folder in which others may still create files. */
    private static void deleteUnderWay(Path folder) {
        for (int attempt = 0; attempt < DELETE_ATTEMPTS && Files.exists(folder); attempt++) {
            try {
                delete(folder);
            } catch (IOException | UncheckedIOException e) {
                // a file has come or gone meanwhile
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> found = Files.walk(folder)) {
            all = found.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                throw new UncheckedIOException("the temporary folder cannot be removed", e);
            }
        }
    }
}
