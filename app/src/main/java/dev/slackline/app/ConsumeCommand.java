package dev.slackline.app;

import dev.slackline.app.consume.Consuming;
import dev.slackline.app.consume.ExecHandler;
import dev.slackline.app.consume.FailureLog;
import dev.slackline.app.consume.ForwardHandler;
import dev.slackline.app.consume.LineHandler;
import dev.slackline.app.groups.GroupWatch;
import dev.slackline.app.wiring.Configuration;
import dev.slackline.queue.Queue;
import dev.slackline.queue.config.Durations;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "consume",
        mixinStandardHelpOptions = true,
        header = "Takes messages: as lines of JSON, or into a program or an HTTP endpoint.",
        description = {
            "Takes the messages of a group, until Ctrl-C or one of the limits below.",
            "",
            "Without --exec and --forward it writes each as one line of JSON (id, key, orderingKey, attempt,"
                    + " publishedAt, headers, payload) and acknowledges it once the line is written. What a closed"
                    + " pipe had already taken is gone with it: take a few with --max rather than 'head'.",
            "",
            "Consumers of one group share its messages, each group gets all of them. A group that is new here gets"
                    + " everything published from now on."
        },
        footer = {
            "",
            "Examples:",
            "  slackline consume --max 1 | jq .payload",
            "  slackline consume --group bots --exec 'python3 handle.py' --concurrency 4",
            "  slackline consume --group audit --forward http://127.0.0.1:8080/slack"
        })
final class ConsumeCommand implements Callable<Integer> {

    private static final int MAX_CONCURRENCY = 1000;

    private final Context context;

    @Option(names = "--group", paramLabel = "GROUP", description = "The group. Default: ${DEFAULT-VALUE}.")
    private String group = Queue.DEFAULT_GROUP;

    @Option(names = "--max", paramLabel = "N", description = "Stop after N messages.")
    private @Nullable Long max;

    @Option(
            names = "--idle-timeout",
            paramLabel = "TIME",
            description = "Stop when nothing has come for this long, such as 5s or 500ms.")
    private @Nullable String idleTimeout;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            description = "How many messages are handled at once. Default: ${DEFAULT-VALUE}.")
    private int concurrency = 1;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "How long one run or request may take. Default: ${DEFAULT-VALUE}.")
    private String timeout = "30s";

    @ArgGroup
    private Target target = new Target();

    /** At most one of them. */
    static final class Target {
        @Option(
                names = "--exec",
                paramLabel = "CMD",
                description = "Run a shell command for each message, with the line of JSON on its stdin and"
                        + " SLACKLINE_ID, SLACKLINE_KEY, SLACKLINE_ATTEMPT and SLACKLINE_GROUP in its environment."
                        + " Exit code 0 acknowledges; any other has the message retried, with the last line of"
                        + " its stderr as the reason.")
        private @Nullable String exec;

        @Option(
                names = "--forward",
                paramLabel = "URL",
                description = "POST each payload to an HTTP endpoint, with the message's headers and x-slackline-id,"
                        + " -key, -ordering-key, -attempt and -group. 2xx acknowledges; anything else has the message"
                        + " retried, after the answer's Retry-After if it has one.")
        private @Nullable URI forward;
    }

    ConsumeCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Consuming.Limits limits = limits();
        AtomicReference<Runnable> stop = new AtomicReference<>(() -> {});
        Consuming.Handler handler = handler(() -> stop.get().run());
        Configuration configuration = Configuration.load(context.env().get());
        int prefetchLimit = (int) Math.min(limits.max(), Integer.MAX_VALUE);
        try (Queue queue = configuration.openConnected(
                        new FailureLog(),
                        settings -> settings.withPrefetch(Math.min(settings.prefetch(), prefetchLimit)));
                GroupWatch watch = GroupWatch.start(queue, InstantSource.system())) {
            sayIfNew(queue);
            Consuming consuming = new Consuming(limits, handler);
            stop.set(consuming::stop);
            if (context.terminal().asksPeople()) {
                context.terminal().say("Consuming the group '" + group + "'; Ctrl-C ends it.");
            }
            boolean drained = consuming.run(queue, group, context.shutdown().requested());
            IOException unwritten = handler instanceof LineHandler lines ? lines.failure() : null;
            if (unwritten != null) {
                throw new FailedException(
                        "stdout cannot be written (" + unwritten.getMessage() + "); what was not written stays queued",
                        unwritten);
            }
            return drained ? 0 : 1;
        }
    }

    /** A name that was mistyped is a group too, which waits in vain. */
    private void sayIfNew(Queue queue) {
        List<String> declared = queue.groups().toCompletableFuture().join();
        if (!declared.contains(group)) {
            context.terminal()
                    .say("The group '" + group + "' is new here and gets what is published from now on; declared before"
                            + " were: " + GroupNames.listed(declared) + ". 'slackline groups drop " + group
                            + "' forgets it.");
        }
    }

    private Consuming.Limits limits() {
        if (max != null && max < 1) {
            throw new UsageException("--max must be at least 1");
        }
        if (concurrency < 1 || concurrency > MAX_CONCURRENCY) {
            throw new UsageException("--concurrency must be from 1 to " + MAX_CONCURRENCY);
        }
        GroupNames.require(group);
        long most = max == null ? Long.MAX_VALUE : max;
        return new Consuming.Limits(most, idleTimeout == null ? null : duration("--idle-timeout", idleTimeout), (int)
                Math.min(concurrency, most));
    }

    private Consuming.Handler handler(Runnable stdoutClosed) {
        Duration limit = duration("--timeout", timeout);
        if (target.exec != null) {
            return new ExecHandler(target.exec, group, limit, context.terminal(), context.shutdown()::isRequested);
        }
        URI endpoint = target.forward;
        if (endpoint != null) {
            String scheme = String.valueOf(endpoint.getScheme());
            if (!(scheme.equals("http") || scheme.equals("https")) || endpoint.getHost() == null) {
                throw new UsageException("--forward needs a URL like http://127.0.0.1:8080/slack");
            }
            return new ForwardHandler(endpoint, group, limit);
        }
        return new LineHandler(context.terminal(), stdoutClosed);
    }

    private static Duration duration(String option, String text) {
        try {
            return Durations.parse(text, Duration.ofMillis(1), Duration.ofDays(1));
        } catch (IllegalArgumentException e) {
            throw new UsageException(option + " '" + text + "': " + e.getMessage());
        }
    }
}
