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
import dev.slackline.slack.api.SlackApi;
import dev.slackline.slack.api.SlackApiSettings;
import dev.slackline.slack.handler.RunningHandlers;
import dev.slackline.slack.handler.SlackHandlers;
import dev.slackline.slack.socket.SocketMode;
import dev.slackline.slack.socket.SocketSettings;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bot in one process: what Slack sends is stored in the queue that {@code QUEUE_BACKEND} names, and handled from there.
 * With {@code SLACK_APP_TOKEN} it comes over Socket Mode, with {@code SLACK_SIGNING_SECRET} over HTTP; with neither, {@code
 * slackline serve} or another bot stores it, and this one handles only. Thread-safe.
 */
public final class Bot implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Bot.class);
    private static final List<Setting<?>> SETTINGS = Stream.of(
                    SlackSettings.ALL, AnswerSettings.ALL, SlackApiSettings.ALL, SocketSettings.ALL, HttpSettings.ALL)
            .<Setting<?>>flatMap(List::stream)
            .toList();
    private static final IntakeListener NOBODY = (answer, took) -> {};

    /** What is open, in the order in which it is to be closed. */
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    private final AtomicBoolean closed = new AtomicBoolean();
    private final RunningHandlers handlers;

    private Bot(Queue queue, SlackApi api, AnswerDesk desk, RunningHandlers handlers) {
        this.handlers = handlers;
        parts.push(queue);
        parts.push(api);
        parts.push(desk);
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
        Settings settings = Settings.parse(Env.of(env), SETTINGS);
        SocketSettings socket = SocketSettings.from(settings);
        // what the bot does not take nobody else may: without its own group alone, "default" would only grow
        Queue queue = Queue.fromEnv(Env.of(env).orElse("bot", Map.of("QUEUE_GROUPS", group)));
        AnswerDesk desk = new AnswerDesk(AnswerSettings.from(settings));
        SlackApi api = SlackApi.open(SlackApiSettings.from(settings));
        Bot bot = new Bot(queue, api, desk, handlers.answeringAt(desk).start(queue, group, api));
        try {
            bot.listen(new DurableIntake(queue, () -> true, desk), settings, socket);
            return bot;
        } catch (RuntimeException e) {
            bot.close();
            throw e;
        }
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

    private void listen(DurableIntake intake, Settings settings, SocketSettings socket) {
        SlackSettings slack = SlackSettings.from(settings);
        if (!socket.appToken().isEmpty()) {
            CompletionStage<Boolean> atOnce = CompletableFuture.completedStage(true);
            parts.push(SocketMode.start(socket, intake, NOBODY, InstantSource.system(), atOnce));
            log.info("listening over Socket Mode");
        }
        if (!slack.signingSecrets().isEmpty()) {
            SlackIntake door = new SlackIntake(intake, slack, NOBODY, InstantSource.system());
            HttpServer http = HttpServer.start(HttpSettings.from(settings), List.of(door));
            parts.push(http);
            log.info("listening over HTTP port={}", http.port());
        }
        if (socket.appToken().isEmpty() && slack.signingSecrets().isEmpty()) {
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
