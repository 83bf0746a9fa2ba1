package dev.slackline.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.slack.simulator.SlackSimulator;
import dev.slackline.slack.simulator.delivery.Occurrence;
import dev.slackline.slack.simulator.socket.DisconnectReason;
import dev.slackline.slack.simulator.socket.SocketFaults;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;

/** The server as a process at a simulated Slack's sockets. */
class SocketModeIT {

    private static final int EVENTS = 10_000;
    private static final int PENDING = 4_000;
    private static final long NANOS_BETWEEN = 1_600_000;
    private static final Set<Integer> KILLS = Set.of(4_650, 9_250, 9_600);
    private static final int SENT_IN_VAIN = 200;
    /** A machine that is busy sends so slowly that else all four attempts would fall into one silence. */
    private static final Duration SLACK_NOTICES = Duration.ofSeconds(15);

    private static final Pattern ID = Pattern.compile("^\\{\"id\":\"(Ev[^\"]+)\"", Pattern.MULTILINE);

    private final SlackSimulator slack = SlackSimulator.builder().speed(10).start();
    private final SignedSender http = new SignedSender();
    private Runnable noticed = () -> {};

    @TempDir
    private Path folder = Path.of("");

    @AfterEach
    void endSlack() {
        slack.close();
    }

    @Test
    void withAnAppTokenAloneEventsComeOverSockets() throws Exception {
        try (SlacklineProcess serve = SlacklineProcess.serve(folder, socketModeAlone())) {
            awaitConnections(2);
            Occurrence event = emit("over a socket");

            event.awaitAcknowledged(Duration.ofSeconds(10));

            assertThat(http.send(serve.port(), "Ev1", "over HTTP").join()).isEqualTo(404);
            assertThat(consumed()).contains(event.id());
            assertThat(http.get(serve.port(), "/health/ready").body())
                    .contains(
                            "\"status\":\"UP\"", "\"socketMode\":{\"status\":\"UP\"", "\"connections\":2,\"wanted\":2");
            assertThat(http.get(serve.port(), "/metrics").body())
                    .contains(
                            "slackline_socket_connections 2.0",
                            "slackline_socket_ghosts 0.0",
                            "slackline_socket_unacknowledged_total 0.0",
                            "slackline_socket_reconnects_total{cause=\"lost\"} 0.0",
                            "slackline_socket_without_connection_seconds_total 0.0",
                            "slackline_socket_envelopes_seconds_count{acknowledged=\"true\",answer=\"durable\"}")
                    .doesNotContain(slack.appToken());
            assertThat(http.get(serve.port(), "/").body()).contains("Socket Mode:", "2 of 2 connections");
            serve.terminate();
            assertThat(serve.exitCode()).isZero();
            assertThat(serve.err()).doesNotContain("ERROR", "\tat ", slack.appToken());
            assertThat(slack.socketMode().connections()).isZero();
        }
    }

    @Test
    void besideHttpBothWaysLeadIntoTheQueue() throws Exception {
        try (SlacklineProcess serve = SlacklineProcess.serve(folder, socketMode())) {
            awaitConnections(2);
            Occurrence event = emit("over a socket");
            event.awaitAcknowledged(Duration.ofSeconds(10));
            assertThat(http.send(serve.port(), "Ev1", "over HTTP").join()).isEqualTo(200);
            assertThat(http.send(serve.port(), event.id(), "the same event").join())
                    .isEqualTo(200);

            assertThat(consumed()).containsExactlyInAnyOrder("Ev1", event.id());
        }
    }

    @Test
    void aTokenThatSlackRefusesIsSaidAndServeIsDown() throws Exception {
        slack.revoke(slack.appToken());
        try (SlacklineProcess serve = SlacklineProcess.serve(folder, socketModeAlone())) {
            SlacklineProcess.await("the reason", () -> serve.err().contains("token_revoked"));

            assertThat(serve.err())
                    .contains("SLACK_APP_TOKEN", "App-Level Tokens")
                    .doesNotContain(slack.appToken());
            assertThat(http.get(serve.port(), "/health/ready").statusCode()).isEqualTo(503);
            assertThat(http.get(serve.port(), "/health/ready").body()).contains("token_revoked");
        }
    }

    @Test
    @Timeout(240)
    void nothingIsLostInAStormOfRefreshesResetsDuplicatesAndKills() throws Exception {
        List<Occurrence> sent = new ArrayList<>();
        Semaphore room = new Semaphore(PENDING);
        SlacklineProcess serve = SlacklineProcess.serve(folder, socketModeAlone());
        try {
            awaitConnections(2);
            long began = System.nanoTime();
            for (int i = 0; i < EVENTS; i++) {
                harm(i);
                if (KILLS.contains(i)) {
                    serve.killNine();
                }
                if (KILLS.contains(i - SENT_IN_VAIN)) {
                    serve = SlacklineProcess.serve(folder, socketModeAlone());
                }
                pace(began, i);
                room.acquire();
                Occurrence event = emit("x".repeat(500));
                event.outcome().whenComplete((attempt, error) -> room.release());
                sent.add(event);
            }
            slack.socketMode().faults().reset();
            room.acquire(PENDING);
        } finally {
            serve.close();
        }
        report(sent, consumed());
    }

    private void report(List<Occurrence> sent, List<String> consumed) {
        Set<String> lost = new TreeSet<>();
        long attempts = 0;
        for (Occurrence event : sent) {
            attempts += event.attempts().size();
            if (event.isAcknowledged()) {
                lost.add(event.id());
            }
        }
        int acknowledged = lost.size();
        consumed.forEach(lost::remove);
        System.out.printf(
                "storm of Socket Mode, 3 kills: sent %d in %d attempts over %d connections, acknowledged %d, handled %d,"
                        + " twice %d, lost %d%n",
                sent.size(),
                attempts,
                slack.socketMode().connectionsEver(),
                acknowledged,
                consumed.size(),
                consumed.size() - new TreeSet<>(consumed).size(),
                lost.size());

        assertThat(lost).isEmpty();
        assertThat(sent.stream().filter(event -> !event.isAcknowledged()).map(Occurrence::attempts))
                .as("what Slack gave up")
                .isEmpty();
        assertThat(consumed).hasSize(EVENTS).doesNotHaveDuplicates();
    }

    /** What befalls the connections; a silent one stays for longer than it may go unnoticed. */
    private void harm(int sent) {
        SocketFaults faults = slack.socketMode().faults();
        if (sent == 200 || sent == 5_000) {
            faults.freezeOldest();
            CompletableFuture<Boolean> silence = new CompletableFuture<>();
            silence.completeOnTimeout(true, SLACK_NOTICES.toSeconds(), TimeUnit.SECONDS)
                    .thenAccept(unused -> faults.reap());
            noticed = () -> silence.complete(true);
        } else if (sent == 4_600 || sent == 9_200) {
            noticed.run();
            faults.reset();
        } else if (sent % 400 == 0) {
            switch (sent / 400 % 5) {
                case 0 -> faults.disconnectOldest(DisconnectReason.WARNING);
                case 1 -> faults.duplicateNext(100);
                case 2 -> faults.resetOldest();
                case 3 -> faults.disconnect(DisconnectReason.REFRESH_REQUESTED);
                default -> faults.disconnect(DisconnectReason.WARNING);
            }
        }
    }

    /** No faster than is meant, so that what takes its time happens while events come. */
    private static void pace(long began, int sent) {
        long due = began + sent * NANOS_BETWEEN;
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private Occurrence emit(String text) {
        return slack.emit(JsonNodeFactory.instance
                .objectNode()
                .put("type", "message")
                .put("channel", "C1")
                .put("text", text));
    }

    private void awaitConnections(int count) {
        SlacklineProcess.await("connections", () -> slack.socketMode().connections() == count);
    }

    /** The ids of everything that waits, in the order of delivery. */
    private List<String> consumed() throws Exception {
        try (SlacklineProcess consume =
                SlacklineProcess.start(folder, Map.of(), "consume", "--idle-timeout", "2s", "--concurrency", "8")) {
            assertThat(consume.exitCode()).isZero();
            Matcher ids = ID.matcher(consume.out());
            List<String> found = new ArrayList<>();
            while (ids.find()) {
                found.add(ids.group(1));
            }
            return found;
        }
    }

    private Map<String, String> socketMode() {
        return Map.of(
                "SLACK_APP_TOKEN",
                slack.appToken(),
                "SLACK_API_URL",
                slack.apiUrl().toString());
    }

    private Map<String, String> socketModeAlone() {
        return Map.of(
                "SLACK_APP_TOKEN", slack.appToken(),
                "SLACK_API_URL", slack.apiUrl().toString(),
                "SLACK_SIGNING_SECRET", "");
    }
}
