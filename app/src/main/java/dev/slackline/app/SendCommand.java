package dev.slackline.app;

import dev.slackline.app.process.Terminal;
import dev.slackline.app.send.ChannelNames;
import dev.slackline.app.send.Fate;
import dev.slackline.app.wiring.Configuration;
import dev.slackline.app.wiring.OutboxConfiguration;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueListener;
import dev.slackline.queue.config.Durations;
import dev.slackline.slack.api.SlackApi;
import dev.slackline.slack.install.Workspaces;
import dev.slackline.slack.outbox.Outbox;
import dev.slackline.slack.outbox.OutboxSettings;
import dev.slackline.slack.outbox.Post;
import dev.slackline.slack.outbox.Posted;
import dev.slackline.slack.outbox.Postman;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "send",
        mixinStandardHelpOptions = true,
        header = "Posts a message to Slack, once, even through crashes.",
        description = {
            "Keeps a message in the outbox and prints its id once it is durable; then brings it to Slack and prints its time"
                    + " stamp. Messages to one channel arrive in the order in which they were sent. What Slack refuses becomes"
                    + " a dead letter of the outbox with the reason, and the exit code is 1.",
            "",
            "Whatever ends this before Slack has the message, the message stays in the outbox: 'serve' brings it to Slack, or"
                    + " the next 'send'."
        },
        footer = {
            "",
            "Examples:",
            "  slackline send C0123456789 'Deployed.'",
            "  slackline send '#general' 'Hello, all!'"
        })
final class SendCommand implements Callable<Integer> {

    private final Context context;

    @Parameters(
            index = "0",
            paramLabel = "CHANNEL",
            description = "The id of a channel or user, such as C0123456789, or a channel's name, such as '#general'.")
    private String channel = "";

    @Parameters(index = "1", paramLabel = "TEXT", description = "What to say.")
    private String text = "";

    @Option(
            names = "--thread",
            paramLabel = "TS",
            description = "Answer in the thread of the message of this time stamp.")
    private @Nullable String thread;

    @Option(
            names = "--team",
            paramLabel = "ID",
            description = "The workspace, such as T0123456789, if there are several.")
    private String team = "";

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "The post's id; a second post of one id is not made again.")
    private @Nullable String id;

    @Option(names = "--no-wait", description = "End as soon as the message is durable; 'serve' brings it to Slack.")
    private boolean noWait;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "How long to wait until Slack has it. Default: ${DEFAULT-VALUE}.")
    private String timeout = "60s";

    SendCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        Duration limit = limit();
        Configuration configuration = OutboxConfiguration.load(context.env().get(), Workspaces.SETTINGS);
        try (Workspaces workspaces = Workspaces.open(context.env().get())) {
            SlackApi slack = workspaces.slack();
            Post post = post(slack);
            try (Queue queue = configuration.openWithGroups(
                    new QueueListener() {}, portable -> OutboxConfiguration.suited(configuration, portable))) {
                context.terminal().result(new Outbox(queue).post(post).join());
                return noWait ? 0 : deliver(queue, slack, OutboxSettings.from(configuration.settings()), post, limit);
            }
        }
    }

    private int deliver(Queue queue, SlackApi slack, OutboxSettings settings, Post post, Duration limit)
            throws InterruptedException {
        Terminal terminal = context.terminal();
        Fate fate = new Fate(post);
        Instant since = Instant.now()
                .minus(id == null ? Duration.ZERO : queue.settings().dedupWindow());
        try (Postman postman = Postman.start(queue, slack, settings, fate)) {
            Optional<Posted> posted =
                    fate.await(queue, postman, since, limit, context.shutdown().requested());
            posted.ifPresent(news -> terminal.result(news.ts()));
            if (posted.isEmpty()) {
                terminal.say(
                        "slackline: Slack does not have it yet; it stays in the outbox, and 'serve' or the next 'send'"
                                + " goes on with it");
            }
            return posted.isPresent() ? 0 : 1;
        } catch (Fate.RefusedException e) {
            throw new FailedException(String.valueOf(e.getMessage()), null); // that is the whole story
        }
    }

    private Post post(SlackApi slack) {
        String to = channel;
        if (ChannelNames.isName(channel)) {
            to = new ChannelNames(slack, team)
                    .id(channel)
                    .orElseThrow(() -> new FailedException(
                            "the app sees no channel " + channel + "; invite it there, or give the channel's id",
                            null));
        }
        try {
            Post post = Post.of(team, to, text);
            post = thread == null ? post : post.inThread(thread);
            return id == null ? post : post.withId(id);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private Duration limit() {
        try {
            return Durations.parse(timeout, Duration.ofMillis(1), Duration.ofDays(1));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--timeout '" + timeout + "': " + e.getMessage());
        }
    }
}
