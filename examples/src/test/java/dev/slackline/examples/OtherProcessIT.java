package dev.slackline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Queue;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import dev.slackline.slack.AnswerDoor;
import dev.slackline.slack.DurableIntake;
import dev.slackline.slack.HttpServer;
import dev.slackline.slack.HttpSettings;
import dev.slackline.slack.SlackSettings;
import dev.slackline.slack.answer.AnswerDesk;
import dev.slackline.slack.answer.AnswerSettings;
import dev.slackline.slack.api.SlackApiSettings;
import dev.slackline.slack.simulator.ChannelMessage;
import dev.slackline.slack.simulator.SimulatedUser;
import dev.slackline.slack.simulator.SlackSimulator;
import dev.slackline.slack.simulator.state.View;
import dev.slackline.slack.socket.SocketMode;
import dev.slackline.slack.socket.SocketSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The intake here, the ticket bot in a process of its own, as it is started by hand; and then killed. */
class OtherProcessIT {

    private static final Duration BOUND = Duration.ofSeconds(60);

    private final SlackSimulator slack = SlackSimulator.start();
    private final SimulatedUser ada = slack.user("ada");
    private final Map<String, String> env = new HashMap<>();

    @TempDir
    private Path folder;

    private Queue queue;
    private AnswerDesk desk;
    private HttpServer http;
    private SocketMode socket;
    private Process bot;

    @BeforeEach
    void takeInAndStartTheBot() throws IOException {
        env.put("SQLITE_PATH", folder.resolve("queue.db").toString());
        env.put("QUEUE_GROUPS", "ticket-bot");
        env.put("SLACK_API_URL", slack.apiUrl().toString());
        env.put("SLACK_BOT_TOKEN", slack.botToken());
        queue = Queue.fromEnv(env);
        Map<String, String> intake = new HashMap<>(env);
        intake.put("SLACK_APP_TOKEN", slack.appToken());
        intake.put("HTTP_PORT", "0");
        Settings settings = Settings.parse(
                intake,
                Stream.of(
                                SlackSettings.ALL,
                                SlackApiSettings.ALL,
                                SocketSettings.ALL,
                                AnswerSettings.ALL,
                                HttpSettings.ALL)
                        .<Setting<?>>flatMap(List::stream)
                        .toList());
        desk = new AnswerDesk(AnswerSettings.from(settings));
        HttpSettings address = HttpSettings.from(settings);
        http = HttpServer.start(address, List.of(new AnswerDoor(desk, 1 << 20)));
        desk.listensAt(address.reachableAt(http.port()));
        socket = SocketMode.start(
                SocketSettings.from(settings),
                new DurableIntake(queue, () -> true, desk),
                (answer, took) -> {},
                InstantSource.system(),
                CompletableFuture.completedFuture(true));
        bot = startBot();
    }

    @AfterEach
    void close() {
        bot.destroyForcibly();
        socket.close();
        desk.close();
        http.close();
        queue.close();
        slack.close();
    }

    /** A form must be opened within three seconds, which the start of a JVM may take. */
    private void awaitConsumer() {
        long end = System.nanoTime() + BOUND.toNanos();
        while (queue.group("ticket-bot").stats().toCompletableFuture().join().consumers() == 0) {
            if (System.nanoTime() > end) {
                throw new AssertionError("the bot does not consume after " + BOUND);
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    @Test
    void itAnswersInTheAcknowledgementAndLosesNothingWhenItIsKilled() throws Exception {
        awaitConsumer();
        ada.command("/ticket", "", "#general");
        View form = ada.awaitModal(BOUND);
        assertThat(ada.submits(form, Map.of("title", "broken", "assignee", "Grace"))
                        .awaitAcknowledged(BOUND)
                        .answer()
                        .toString())
                .contains("10 characters");

        bot.destroyForcibly().waitFor();
        ada.submits(form, Map.of("title", "The lift does not stop", "assignee", "Grace"))
                .awaitAcknowledged(BOUND);
        assertThat(ada.views()).as("the plain acknowledgement closes the form").isEmpty();
        assertThat(slack.messages("#general")).noneMatch(ChannelMessage::isFromBot);

        bot = startBot();
        assertThat(slack.awaitBotMessage("#general", message -> true, BOUND).text())
                .contains("The lift does not stop");
    }

    private Process startBot() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                TicketBot.class.getName());
        builder.environment().putAll(env);
        return builder.inheritIO().start();
    }
}
