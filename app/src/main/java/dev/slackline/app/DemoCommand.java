package dev.slackline.app;

import dev.slackline.app.demo.Demo;
import dev.slackline.app.process.ReaderGoneException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        header = "Shows Slackline at work without a Slack account.",
        description =
                "Shows Slackline at work without a Slack account: the real server on SQLite in a temporary folder,"
                        + " a simulated Slack that sends events with duplicates, retries and forgeries among them, and a"
                        + " handler that fails now and then. Ends with a ledger, and with exit code 0 only if nothing was lost.",
        footer = {"", "Example:", "  slackline demo --events 1000"})
final class DemoCommand implements Callable<Integer> {

    private static final int MAX_EVENTS = 100_000;
    private static final int DELETE_ATTEMPTS = 20;

    private final Context context;

    @Option(names = "--events", paramLabel = "N", description = "How many events. Default: ${DEFAULT-VALUE}.")
    private int events = 200;

    DemoCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (events < 1 || events > MAX_EVENTS) {
            throw new UsageException("--events must be from 1 to " + MAX_EVENTS);
        }
        Path folder = Files.createTempDirectory("slackline-demo-");
        Thread cleaner = new Thread(() -> deleteUnderWay(folder), "slackline-demo-cleaner");
        Runtime.getRuntime().addShutdownHook(cleaner); // Ctrl-C ends the demo at once, and 'finally' does not run
        try {
            return new Demo(events, context.terminal()::result).run(folder) ? 0 : 1;
        } catch (ReaderGoneException e) {
            return 1; // nobody heard how it ended
        } finally {
            delete(folder);
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
