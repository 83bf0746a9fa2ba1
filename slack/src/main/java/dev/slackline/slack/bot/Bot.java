package dev.slackline.slack.bot;

import dev.slackline.queue.Queue;
import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Env;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import dev.slackline.slack.DurableIntake;
import dev.slackline.slack.HttpServer;
import dev.slackline.slack.HttpSettings;
import dev.slackline.slack.IntakeListener;
import dev.slackline.slack.SlackIntake;
import dev.slackline.slack.SlackSettings;
import dev.slackline.slack.answer.AnswerDesk;
import dev.slackline.slack.answer.AnswerSettings;
import dev.slackline.slack.api.SlackApiSettings;
import dev.slackline.slack.handler.RunningHandlers;
import dev.slackline.slack.handler.SlackHandlers;
import dev.slackline.slack.install.Workspaces;
import dev.slackline.slack.outbox.Outbox;
import dev.slackline.slack.outbox.OutboxListener;
import dev.slackline.slack.outbox.OutboxSettings;
import dev.slackline.slack.outbox.OutboxTopic;
import dev.slackline.slack.outbox.Postman;
import dev.slackline.slack.socket.SocketMode;
import dev.slackline.slack.socket.SocketSettings;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Handler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bot in one process: what Slack sends is stored in the queue that {@code QUEUE_BACKEND} names, and handled from there.
 * With {@code SLACK_APP_TOKEN} it comes over Socket Mode, with {@code SLACK_SIGNING_SECRET} over HTTP; with neither, {@code
 * slackline serve} or another bot stores it, and this one handles only.
 *
 * <p>With {@code SLACK_BOT_TOKEN}, or where workspaces have installed the app or may ({@code SLACK_CLIENT_ID}, at {@code
 * /slack/install}), what handlers {@code say} and {@code reply} goes through the outbox, unless they post through one of their
 * own. The tokens of a workspace that takes the app out are forgotten before any handler hears of it. Thread-safe.
 */
public final class Bot implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Bot.class);
    private static final List<Setting<?>> SETTINGS = Stream.of(
                    SlackSettings.ALL,
                    AnswerSettings.ALL,
                    SlackApiSettings.ALL,
                    SocketSettings.ALL,
                    HttpSettings.ALL,
                    OutboxTopic.SETTINGS)
            .<Setting<?>>flatMap(List::stream)
            .toList();
    private static final IntakeListener NOBODY = (answer, took) -> {};

    /** What is open, in the order in which it is to be closed. */
    private final Deque<AutoCloseable> parts;

    private final AtomicBoolean closed = new AtomicBoolean();
    private final RunningHandlers handlers;
    private OptionalInt port = OptionalInt.empty();

    private Bot(Deque<AutoCloseable> parts, RunningHandlers handlers) {
        this.parts = parts;
        this.handlers = handlers;
        parts.push(handlers);
    }

    /**
     * Starts a bot and runs it until the process is told to end; then it drains.
     *
     * @param env the environment variables
     * @param group the group of the queue that is the bot's own
     * @throws ConfigurationException listing what is wrong with them
     */
    public static void run(Map<String, String> env, String group, SlackHandlers handlers) {
        Bot bot = start(env, group, handlers);
        Runtime.getRuntime().addShutdownHook(new Thread(bot::close, "slackline-bot-shutdown"));
        bot.ended().toCompletableFuture().join();
    }

    /** Starts a bot; as {@link #run}, for those who end it themselves. */
    public static Bot start(Map<String, String> env, String group, SlackHandlers handlers) {
        // what the bot does not take nobody else may: without its own group alone, "default" would only grow
        Env all = Env.of(env).orElse("bot", Map.of("QUEUE_GROUPS", group));
        Settings settings = Settings.parse(all, SETTINGS);
        Deque<AutoCloseable> parts = new ArrayDeque<>();
        try {
            Workspaces workspaces = opened(parts, Workspaces.open(all));
            Queue queue = opened(parts, Queue.fromEnv(all));
            AnswerDesk desk = new AnswerDesk(AnswerSettings.from(settings));
            SlackHandlers answering = handlers.answeringAt(desk);
            if (workspaces.any()) {
                answering = answering.postingThroughUnlessTold(outbox(parts, all, settings, workspaces));
            }
            parts.push(desk);
            Bot bot = new Bot(parts, answering.start(queue, group, workspaces.slack()));
            bot.listen(new DurableIntake(queue, () -> true, desk, workspaces.revocations()), settings, workspaces);
            return bot;
        } catch (RuntimeException e) {
            parts.forEach(Bot::close);
            throw e;
        }
    }

    private static Outbox outbox(Deque<AutoCloseable> parts, Env env, Settings settings, Workspaces workspaces) {
        Queue queue = opened(parts, OutboxTopic.open(env));
        OutboxSettings outbox = OutboxSettings.from(settings);
        parts.push(Postman.start(queue, workspaces.slack(), outbox, new OutboxListener() {}));
        return new Outbox(queue);
    }

    private static <T extends AutoCloseable> T opened(Deque<AutoCloseable> parts, T part) {
        parts.push(part);
        return part;
    }

    /** The port on which it listens for Slack, and for browsers that install the app; empty if it listens on none. */
    public OptionalInt port() {
        return port;
    }

    /** Completes when it was closed; fails if the queue's stream ended with what nothing but a person mends. */
    public CompletionStage<Void> ended() {
        return handlers.ended();
    }

    /** Takes nothing more of Slack, waits for the handlers that run, and ends. Idempotent. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            parts.forEach(Bot::close);
        }
    }

    private void listen(DurableIntake intake, Settings settings, Workspaces workspaces) {
        SlackSettings slack = SlackSettings.from(settings);
        SocketSettings socket = SocketSettings.from(settings);
        List<Handler> doors = new ArrayList<>();
        workspaces.door().ifPresent(doors::add);
        if (!slack.signingSecrets().isEmpty()) {
            doors.add(new SlackIntake(intake, slack, NOBODY, InstantSource.system()));
        }
        if (socket.isWanted()) {
            CompletionStage<Boolean> atOnce = CompletableFuture.completedStage(true);
            parts.push(SocketMode.start(socket, intake, NOBODY, InstantSource.system(), atOnce));
            log.info("listening over Socket Mode");
        }
        if (!doors.isEmpty()) {
            HttpServer http = opened(parts, HttpServer.start(HttpSettings.from(settings), doors));
            port = OptionalInt.of(http.port());
            log.info("listening over HTTP port={}", http.port());
        }
        if (!socket.isWanted() && slack.signingSecrets().isEmpty()) {
            log.info("handling what another process stores: neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set");
        }
    }

    /** Whatever goes wrong with one part, the others are still to be closed. */
    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            log.warn("a part of the bot did not close part={}", part.getClass().getSimpleName(), e);
        }
    }
}
